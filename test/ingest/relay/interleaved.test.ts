import { expect, test } from 'vitest'
import { holdsRtp } from '../../../src/ingest/relay/interleaved.ts'

const framed = (...bytes: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from([0x24, 0, 0, bytes.length]), Buffer.from(bytes)])
const twelve = Array.from({ length: 10 }, () => 0)

test.each([
  ['RTP', framed(0x80, 96, ...twelve), true],
  ['RTP with the marker bit', framed(0x80, 0x80 | 96, ...twelve), true],
  ['a sender report', framed(0x80, 200, ...twelve), false],
  ['a report before a picture', Buffer.concat([framed(0x80, 200, ...twelve), framed(0x80, 96, ...twelve)]), true],
  ['junk', framed(1, 2, 3), false],
  ['nothing', Buffer.alloc(0), false],
])('%s', (_, bytes, holds) => {
  expect(holdsRtp(bytes)).toBe(holds)
})
