import { expect, test } from 'vitest'
import { createLedger, type LedgerRow, SILENT_AFTER_MS } from '../../src/seam/ledger.ts'
import type { SeamRecord } from '../../src/seam/record.ts'

const record = (epoch: number, number: number, camera = 'door'): SeamRecord => ({
  camera,
  owner: `vision-${epoch}`,
  epoch,
  number,
  embedder: '00',
  what: { type: 'alive', state: 'online', reason: 'it sends' },
})

/** A ledger whose time stands still unless it is moved. */
const ledgerOf = (saved: readonly LedgerRow[] = []) => {
  let nowMs = 0
  const ledger = createLedger(saved, () => nowMs)
  let offset = ledger.next() ?? 0
  return {
    ledger,
    pass: (ms: number) => {
      nowMs += ms
    },
    take: (one: SeamRecord) => {
      const verdict = ledger.judge(one)
      if (verdict.outcome === 'new') ledger.note(offset++, one)
      else ledger.pass(offset++)
      return verdict.outcome === 'new' ? verdict.lost : verdict.outcome
    },
  }
}

test('a repeat and a late record are dropped, and a gap is counted', () => {
  const { take } = ledgerOf()
  expect([1, 2, 2, 5, 4, 6].map((number) => take(record(1, number)))).toEqual([0, 0, 'repeat', 2, 'repeat', 0])
})

test('the newest owner of a camera has it, until it is silent', () => {
  const { take, pass } = ledgerOf()
  expect([record(1, 1), record(2, 1), record(1, 2), record(1, 1, 'hall')].map(take)).toEqual([0, 0, 'other-owner', 0])
  pass(SILENT_AFTER_MS)
  expect(take(record(1, 3))).toBe(2)
  expect(take(record(2, 2))).toBe(1)
  expect(take(record(1, 4))).toBe('other-owner')
})

test('what was committed is known after a restart, and nothing else', () => {
  const before = ledgerOf()
  expect(before.ledger.takeChanged()).toEqual([])
  before.take(record(7, 1))
  before.take(record(7, 2))
  const rows = before.ledger.takeChanged()
  expect([before.ledger.next(), before.ledger.committed()]).toEqual([2, 2])
  before.take(record(7, 3))
  expect([before.ledger.next(), before.ledger.committed()]).toEqual([3, 2])
  const after = ledgerOf(rows)
  expect([after.ledger.id, after.ledger.next()]).toEqual([before.ledger.id, 2])
  expect([record(7, 2), record(6, 9), record(7, 3)].map(after.take)).toEqual(['repeat', 'other-owner', 0])
})
