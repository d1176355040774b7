import { expect, onTestFinished, test } from 'vitest'
import { createRelays } from '../../src/ingest/relay/relays.ts'
import { scratchDirectory } from '../support/footage.ts'
import { kinds } from './kinds.ts'
import { growthOf, held } from './run.ts'
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
  // Which of them is between two connections differs by chance; a leak of one would be ten.
  await expect.poll(() => held().descriptors - before.descriptors, { timeout: 3000 }).toBeLessThan(times)
  await expect.poll(() => held().threads - before.threads, { timeout: 3000 }).toBeLessThan(times)
  expect(held().kib - before.kib).toBeLessThan(100 * 1024)
})

test('memory grows, is flat, or the noise is too large to say which', () => {
  const samples = (kibOf: (i: number) => number) =>
    Array.from({ length: 40 }, (_, i) => [5 * i, { descriptors: 30 + (i % 3), threads: 12, kib: kibOf(i) }] as const)
  const verdict = (kibOf: (i: number) => number) => growthOf(samples(kibOf)).find(({ of }) => of === 'kib')?.verdict
  expect(verdict((i) => 200_000 + 100 * Math.sin(i * 7))).toBe('flat')
  expect(verdict((i) => 200_000 + 3000 * Math.sin(i * 7))).toBe('unclear')
  // A compiler or an allocator takes 12 MiB, once: no proof of a leak, and none that there is none.
  expect(verdict((i) => 200_000 + (i > 23 ? 12_000 : 0) + 300 * Math.sin(i * 7))).toBe('unclear')
  expect(verdict((i) => 200_000 + 250 * i + 500 * Math.sin(i * 7))).toBe('grows')
})
