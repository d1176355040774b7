import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Journal, openJournal } from '../../../src/sinks/spool/journal.ts'
import { eventually } from '../../support/eventually.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-journal-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const open = (segmentBytes = 256): Promise<Journal> => openJournal(directory, { segmentBytes, fsync: 'never' })
const texts = (from: number, count: number) => Array.from({ length: count }, (_, i) => `record ${from + i}`)

const readAll = async (journal: Journal, maxRecords = 7, maxBytes = 100) => {
  const all: { number: number; text: string }[] = []
  for (;;) {
    const records = await journal.read(maxRecords, maxBytes)
    if (records.length === 0) return all
    all.push(...records.map(({ number, payload }) => ({ number, text: payload.toString() })))
  }
}
const segmentsIn = async () => (await readdir(directory)).filter((name) => name.endsWith('.log')).sort()

test('gives back what was appended, in order, over segments and reopenings, until it is acknowledged', async () => {
  let journal = await open()
  for (let from = 0; from < 100; from += 10) await journal.append(texts(from, 10))
  expect((await segmentsIn()).length).toBeGreaterThan(3)
  const first = await readAll(journal)
  expect(first.map(({ text }) => text)).toEqual(texts(0, 100))
  await journal.acknowledge(first[59]?.number as number)
  expect(journal.records()).toBe(40)
  await journal.close()

  journal = await open()
  expect(journal.records()).toBe(40)
  await journal.append(texts(100, 5))
  const rest = await readAll(journal)
  expect(rest.map(({ text }) => text)).toEqual(texts(60, 45))
  await journal.acknowledge(rest.at(-1)?.number as number)
  expect(journal.records()).toBe(0)
  expect(await segmentsIn()).toHaveLength(1)
  await journal.close()
})

test('readable waits for the next append', async () => {
  const journal = await open()
  expect(await journal.read(1, 100)).toEqual([])
  let readable = false
  const waiting = journal.readable().then(() => {
    readable = true
  })
  await Promise.resolve()
  expect(readable).toBe(false)
  await journal.append(['x'])
  await waiting
  expect((await readAll(journal)).map(({ text }) => text)).toEqual(['x'])
  await journal.close()
})

test('a record larger than the reading limit is read whole', async () => {
  const journal = await open()
  const large = 'ä'.repeat(5000)
  await journal.append(['small', large, 'small'])
  expect((await readAll(journal, 10, 64)).map(({ text }) => text)).toEqual(['small', large, 'small'])
  await journal.close()
})

test('dropping gives up the oldest segment, not what is being delivered', async () => {
  const journal = await open(1)
  await journal.append(texts(0, 4))
  await journal.append(texts(4, 4))
  await journal.append(texts(8, 4))
  const inHand = await journal.read(2, 1000)
  expect(await journal.dropOldest()).toBe(2)
  // Two in hand and the eight that nobody has read.
  expect(journal.records()).toBe(10)
  await journal.acknowledge(inHand.at(-1)?.number as number)
  expect((await readAll(journal)).map(({ text }) => text)).toEqual(texts(4, 8))
  // The one that is being written to, too.
  await journal.append(texts(12, 4))
  while (journal.bytes() > 0) await journal.dropOldest()
  await journal.append(texts(16, 1))
  expect((await readAll(journal)).map(({ text }) => text)).toEqual(texts(16, 1))
  await journal.close()
})

test('a crash at any byte keeps every record before it, and the journal goes on', () =>
  fc.assert(
    fc.asyncProperty(fc.nat({ max: 20 }), fc.nat(), async (records, at) => {
      await rm(directory, { recursive: true, force: true })
      const journal = await openJournal(directory, { segmentBytes: 1e6, fsync: 'never' })
      const ends = [0]
      for (const text of texts(0, records)) {
        await journal.append([text])
        ends.push(journal.bytes())
      }
      await journal.close()
      const [segment] = await segmentsIn()
      const end = ends.at(-1) as number
      const cut = end === 0 ? 0 : at % (end + 1)
      if (segment !== undefined) await truncate(join(directory, segment), cut)
      const whole = ends.filter((each) => each > 0 && each <= cut).length

      const again = await open()
      await again.append(['after'])
      const read = await readAll(again)
      expect(read.map(({ text }) => text)).toEqual([...texts(0, whole), 'after'])
      const numbers = read.map(({ number }) => number)
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      await again.close()
    }),
    { numRuns: 150, seed: 5 },
  ))

test('damage anywhere costs only the records it touches', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ minLength: 0, maxLength: 40 }), { minLength: 1, maxLength: 20 }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 6 }),
      fc.string({ maxLength: 30 }),
      async (payloads, flips, garbage) => {
        await rm(directory, { recursive: true, force: true })
        const journal = await openJournal(directory, { segmentBytes: 1e6, fsync: 'never' })
        const ends: number[] = []
        for (const payload of payloads) {
          await journal.append([payload])
          ends.push(journal.bytes())
        }
        await journal.close()
        const path = join(directory, (await segmentsIn())[0] as string)
        const bytes = await readFile(path)
        const original = Buffer.from(bytes)
        for (const [at, mask] of flips) bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask
        await writeFile(path, bytes)
        await appendFile(path, garbage)
        const untouched = payloads.filter((_, i) => {
          const from = ends[i - 1] ?? 0
          return original.subarray(from, ends[i]).equals(bytes.subarray(from, ends[i]))
        })
        const again = await open()
        await again.append(['after'])
        expect((await readAll(again, 3, 50)).map(({ text }) => text)).toEqual([...untouched, 'after'])
        await again.close()
      },
    ),
    { numRuns: 200, seed: 6 },
  ))

test('what was acknowledged is soon on disk, also of a process that never closes the journal', async () => {
  const journal = await open(1_000_000)
  await journal.append(texts(0, 10))
  const read = await readAll(journal)
  await journal.acknowledge(read[5]?.number as number)
  await eventually(async () => expect((await readFile(join(directory, 'cursor'))).length).toBeGreaterThan(0))
  const killed = await open(1_000_000)
  expect((await readAll(killed)).map(({ text }) => text)).toEqual(texts(6, 4))
  await killed.close()
  await journal.close()
})

test('a damaged cursor means repeats, never a loss', () =>
  fc.assert(
    fc.asyncProperty(fc.nat({ max: 19 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
      await rm(directory, { recursive: true, force: true })
      const journal = await open()
      await journal.append(texts(0, 12))
      const numbers = (await readAll(journal)).map(({ number }) => number)
      await journal.acknowledge(numbers[3] as number)
      await journal.close()
      const second = await open()
      await second.acknowledge(numbers[7] as number)
      await second.close()
      const path = join(directory, 'cursor')
      const bytes = await readFile(path)
      bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask
      await writeFile(path, bytes)
      const again = await open()
      const read = (await readAll(again)).map(({ text }) => text)
      expect([texts(4, 8), texts(8, 4)]).toContainEqual(read)
      await again.close()
    }),
    { numRuns: 60, seed: 7 },
  ))
