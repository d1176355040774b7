import { expect, test } from 'vitest'
import { encodeRecords } from '../../../src/sinks/spool/record.ts'

test('what is written keeps its own bytes in memory, and no more', () => {
  for (const payload of ['a', 'x'.repeat(1200)]) {
    const written = encodeRecords([payload], 1)
    expect(written.buffer.byteLength).toBe(written.length)
  }
})
