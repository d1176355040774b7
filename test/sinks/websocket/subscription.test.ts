import { expect, test } from 'vitest'
import type { PersonEvent, RollcallEvent } from '../../../src/events/types.ts'
import { createReplayBuffer } from '../../../src/sinks/websocket/replay-buffer.ts'
import { createSubscription } from '../../../src/sinks/websocket/subscription.ts'
import { personMerged, sightingStarted } from '../events.ts'

const unmerged = (person: string, from: string): PersonEvent => ({
  ...personMerged(person, from),
  id: `unmerged/${person}`,
  type: 'rollcall.person.unmerged.v1',
  data: { person, from, name: null, sequence: 1, by: 'user', similarity: null, score: null, threshold: null },
})
const seen = (person: string, n: number): RollcallEvent => sightingStarted(person, 'door', n)

/** The IDs of the events that somebody gets who asked for `people`. `into` says whom an ID stands for, and may change. */
const wanted = (
  people: readonly string[],
  into: Map<string, string>,
  events: readonly (RollcallEvent | (() => void))[],
) => {
  const replay = createReplayBuffer(1e6)
  const subscription = createSubscription({ type: 'subscribe', people: [...people] }, (id) => into.get(id) ?? id)
  return events.flatMap((event) => {
    if (typeof event === 'function') event()
    else replay.add(event, 0)
    const entry = typeof event === 'function' ? undefined : replay.at(replay.head)
    return entry && subscription.wants(entry) && typeof event !== 'function' ? [event.id] : []
  })
}

test('a merge that is undone ends: whoever asked for one of the two gets that one again, and no more of the other', () => {
  const events = [
    seen('ada', 1),
    seen('bo', 1),
    personMerged('ada', 'bo'),
    seen('bo', 2),
    unmerged('ada', 'bo'),
    seen('ada', 3),
    seen('bo', 3),
  ]
  const both = ['merged/ada', 'started/bo/2', 'unmerged/ada']
  expect(wanted(['ada'], new Map(), events)).toEqual(['started/ada/1', ...both, 'started/ada/3'])
  expect(wanted(['bo'], new Map(), events)).toEqual(['started/bo/1', ...both, 'started/bo/3'])
})

test('a merge from before the subscription that led over somebody ends with that one', () => {
  const into = new Map([
    ['ada', 'eve'],
    ['bo', 'eve'],
  ])
  const undo = () => {
    into.delete('bo')
    into.set('ada', 'bo')
  }
  const got = wanted(['ada'], into, [seen('eve', 1), undo, unmerged('bo', 'eve'), seen('bo', 2), seen('eve', 2)])
  expect(got).toEqual(['started/eve/1', 'unmerged/bo', 'started/bo/2'])
})
