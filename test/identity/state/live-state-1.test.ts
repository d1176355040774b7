import { expect, it } from 'vitest'
import { comparisonOn } from '../../../src/identity/people/evidence.ts'
import { createPeople } from '../../../src/identity/people/people.ts'
import { type SavedLive1, upgradeLive1 } from '../../../src/identity/state/live-state-1.ts'
import { newTracklet } from '../../../src/identity/tracklets/tracklet.ts'

it('reads version 1: decisions with one number, times with fractions', () => {
  const people = createPeople(comparisonOn({ scale: 1, offset: 0 }))
  const { id } = people.create('door/s/1', 'door', 100)
  const {
    key: _key,
    state: _state,
    coOccurrences: _coOccurrences,
    coOccurringPeople: besidePeople,
    joinedOrder: _joinedOrder,
    endedOrder: _endedOrder,
    lastSeq: _lastSeq,
    ...facts
  } = newTracklet(1, 'door/s/1', 'door', 33.333333, 0.64)
  const decision = { person: id, similarity: 1.21, runnerUp: { person: id, similarity: 0.4 }, threshold: 0.64 }
  const saved: SavedLive1 = {
    version: 1,
    cameras: [['door', { streams: new Map([['s', 9]]), nowMs: 66.67, reviewedMs: 0, changes: 1 }, [['door/s/1', 0]]]],
    appearances: [
      {
        ...facts,
        lastMs: 66.666667,
        uncounted: { fromMs: 33.6, frames: 2 },
        person: id,
        beside: [],
        besidePeople,
        decision: { ...decision, reason: 'joined' } as SavedLive1['appearances'][number]['decision'],
      },
    ],
    waiting: [],
    ended: [],
    contributions: [],
    touched: [id],
  }
  const live = upgradeLive1(structuredClone(saved), people)
  expect(live.tracklets).toMatchObject([
    {
      firstMs: 33,
      lastMs: 67,
      uncounted: { seq: 0, fromMs: 34, frames: 2 },
      decision: { person: id, candidate: null, runnerUp: null, threshold: 0.64, reason: 'joined' },
    },
  ])
  expect(live.tracklets[0]?.decision).not.toHaveProperty('similarity')
})
