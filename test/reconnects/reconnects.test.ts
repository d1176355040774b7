import { expect, onTestFinished, test } from 'vitest'
import { createRelays } from '../../src/ingest/relay/relays.ts'
import { scratchDirectory } from '../support/footage.ts'
import { exitCodes, outcomeOf } from '../support/growth.ts'
import { kinds } from './kinds.ts'
import { held, reconnectGrowth, repeat } from './run.ts'
import { verdictInWords } from './verdict.ts'
import { watchCamera } from './watched.ts'

const times = 10

test('ten of every kind of reconnect, all cameras at once: descriptors, threads and memory stay', {
  timeout: 90_000,
}, async () => {
  const owned = new AsyncDisposableStack()
  onTestFinished(() => owned.disposeAsync())
  const relays = owned.adopt(createRelays(), (it) => it.close())
  const directory = scratchDirectory()
  const subjects = await Promise.all(
    Object.values(kinds).map(async (open) => {
      const { options, again } = await open(owned, directory)
      const watched = owned.adopt(watchCamera(options, relays), (it) => it.close())
      await watched.frame(() => true)
      return () => again(watched)
    }),
  )
  const everybody = (count: number) =>
    Promise.all(
      subjects.map(async (again) => {
        for (let i = 0; i < count; i++) await again()
      }),
    )
  await everybody(3)
  const before = held()
  await everybody(times)
  // Which of them is between two connections differs by chance, and a busy machine ends threads late; a leak of one would be ten.
  await expect.poll(() => held().descriptors - before.descriptors, { timeout: 20_000 }).toBeLessThan(times)
  await expect.poll(() => held().threads - before.threads, { timeout: 20_000 }).toBeLessThan(times)
  expect(held().kib - before.kib).toBeLessThan(100 * 1024)
})

test('memory grows, is flat, or the noise is too large to say which', () => {
  const samples = (kibOf: (i: number) => number) =>
    Array.from({ length: 40 }, (_, i) => [5 * i, { descriptors: 30 + (i % 3), threads: 12, kib: kibOf(i) }] as const)
  const verdict = (kibOf: (i: number) => number) =>
    reconnectGrowth(samples(kibOf)).find(({ of }) => of === 'kib')?.verdict
  expect(verdict((i) => 200_000 + 100 * Math.sin(i * 7))).toBe('flat')
  expect(verdict((i) => 200_000 + 3000 * Math.sin(i * 7))).toBe('unclear')
  // A compiler or an allocator takes 12 MiB, once: no proof of a leak, and none that there is none.
  expect(verdict((i) => 200_000 + (i > 23 ? 12_000 : 0) + 300 * Math.sin(i * 7))).toBe('unclear')
  expect(verdict((i) => 200_000 + 250 * i + 500 * Math.sin(i * 7))).toBe('grows')
})

test('what grows, and what cannot be told, are two verdicts with two exit codes', () => {
  const growth = (verdict: 'flat' | 'grows' | 'unclear') => [{ of: 'threads', slope: 0, error: 0, verdict }] as const
  const found = (...verdicts: readonly ('flat' | 'grows' | 'unclear')[]) =>
    new Map(verdicts.map((verdict, i) => [`kind ${i}`, growth(verdict)] as const))
  const code = (of: ReturnType<typeof found>) => exitCodes[outcomeOf([...of.values()].flat())]
  expect(verdictInWords(40, found('flat', 'flat'))).toMatch(/flat for 2 of 2 kinds; .*: met$/)
  expect(verdictInWords(40, found('flat', 'unclear'))).toMatch(
    /flat for 1 of 2 kinds; unclear for kind 1; .*: unclear: repeat with more --times or on a quiet machine$/,
  )
  expect(verdictInWords(40, found('grows', 'unclear'))).toMatch(/growing for kind 0; unclear for kind 1; .*: NOT MET$/)
  expect([found('flat'), found('flat', 'unclear'), found('unclear', 'grows')].map(code)).toEqual([0, 2, 1])
})

test('progress is told, and what is held is looked at often enough for four slopes', async () => {
  const told: [number, number][] = []
  let done = 0
  const growth = await repeat(
    20,
    async () => void done++,
    (...at) => told.push(at),
  )
  expect(done).toBe(25)
  expect(told).toEqual([5, 10, 15, 20].map((at) => [at, 25]))
  expect(growth.every(({ slope, error }) => Number.isFinite(slope) && Number.isFinite(error))).toBe(true)
})
