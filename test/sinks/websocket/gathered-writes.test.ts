import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { createGatheredWrites } from '../../../src/sinks/websocket/gathered-writes.ts'

/** A stream that keeps what is written to it, a chunk for each write. */
const sinkStream = () => {
  const chunks: Buffer[] = []
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, chunks, texts: () => chunks.map(String) }
}
const [one, two, three] = ['one ', 'two ', 'three '].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer]

test('nothing is written before the flush; then each stream gets its frames, in order, in one write', () => {
  const writes = createGatheredWrites()
  const [a, b, c] = [sinkStream(), sinkStream(), sinkStream()]
  for (const { stream } of [a, b]) for (const frame of [one, two]) writes.add(stream, frame)
  // As many frames, but others.
  for (const frame of [one, three]) writes.add(c.stream, frame)
  expect(a.texts()).toEqual([])
  writes.flush()
  expect([a.texts(), b.texts(), c.texts()]).toEqual([['one two '], ['one two '], ['one three ']])
  expect(b.chunks[0]).toBe(a.chunks[0])
  writes.add(a.stream, three)
  writes.flush()
  writes.flush()
  expect(a.texts()).toEqual(['one two ', 'three '])
})
