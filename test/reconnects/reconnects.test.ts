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

test('a slope beyond its noise is a leak, and noise is none', () => {
  const samples = (kibOf: (i: number) => number) =>
    Array.from({ length: 40 }, (_, i) => [5 * i, { descriptors: 30 + (i % 3), threads: 12, kib: kibOf(i) }] as const)
  const leaks = (kibOf: (i: number) => number) =>
    growthOf(samples(kibOf)).flatMap(({ of, isLeak }) => (isLeak ? [of] : []))
  expect(leaks((i) => 200_000 + 3000 * Math.sin(i * 7))).toEqual([])
  // A compiler or an allocator takes 12 MiB, once.
  expect(leaks((i) => 200_000 + (i > 23 ? 12_000 : 0) + 300 * Math.sin(i * 7))).toEqual([])
  expect(leaks((i) => 200_000 + 250 * i + 500 * Math.sin(i * 7))).toEqual(['kib'])
})
