import { expect, test } from 'vitest'
import { newStreamId } from '../../src/ingest/stream-id.ts'

test('sortable by time, for the next thousand years', () => {
  const at = (nowMs: number) => newStreamId({ nowMs: () => nowMs }, () => 0.999)
  const times = [0, 1, 1e12, 1795496718384, 1795496718385, 33e12]
  const ids = times.map(at)
  expect([...ids].sort()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{13}$/)
})

test('two openings in the same millisecond differ by chance', () => {
  const time = { nowMs: () => 1795496718384 }
  expect(newStreamId(time, () => 0.1)).not.toBe(newStreamId(time, () => 0.2))
})
