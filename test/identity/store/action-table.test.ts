import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { TrackEvent } from '../../../src/events/types.ts'
import type { Action } from '../../../src/identity/state/journal.ts'
import { openStore } from '../../../src/identity/store/open.ts'
import { changeOf, embedder, temporaryDirectory } from './states.ts'

const action = (more: Partial<Action> = {}): Action => ({
  atMs: 1000,
  by: 'ann',
  kind: 'name',
  people: ['p-a'],
  sighting: null,
  name: 'Ada',
  before: null,
  question: null,
  undo: { kind: 'name', person: 'p-a', name: 'Ada', before: null },
  ...more,
})

const joined = (track: string, score: number, sequence: number, next = 0.2): TrackEvent =>
  ({
    specversion: '1.0',
    id: `${track}/${sequence}`,
    source: 'site',
    type: 'rollcall.track.assigned.v1',
    subject: 'p-a',
    time: '2026-03-02T09:30:00.000Z',
    datacontenttype: 'application/json',
    dataschema: '',
    data: {
      track,
      camera: 'door',
      person: 'p-a',
      sequence,
      candidate: { person: 'p-a', similarity: score, score },
      runnerUp: { person: 'p-b', similarity: next, score: next },
      threshold: 0.64,
      reason: 'joined',
    },
  }) as unknown as TrackEvent

const open = (directory: string) => openStore(directory, { embedder })

it('actions, what was undone, and answers are there after a restart; numbers are never given again', () => {
  const directory = temporaryDirectory()
  const first = open(directory)
  const add = (more?: Partial<Action>) => ({ kind: 'action', action: action(more) }) as const
  first.commit(changeOf({ journal: [add(), add({ name: 'Bo' })] }))
  first.commit(changeOf({ journal: [{ kind: 'undone', id: 2, atMs: 2000, by: 'bob' }] }))
  first.commit(changeOf({ journal: [{ kind: 'answered', question: 'join:t', people: ['p-a'], atMs: 1000 }] }))
  first.close()
  const second = open(directory)
  expect(second.actions.actions(10, null)).toEqual([
    { ...action({ name: 'Bo' }), id: 2, undone: { atMs: 2000, by: 'bob' } },
    { ...action(), id: 1, undone: null },
  ])
  expect(second.actions.isAnswered('join:t')).toBe(true)
  second.commit(changeOf({ journal: [{ kind: 'unanswered', question: 'join:t' }], retired: ['p-a'] }))
  expect(second.actions.isAnswered('join:t')).toBe(false)
  expect(second.actions.actions(10, null)).toEqual([])
  second.commit(changeOf({ journal: [add()] }))
  expect(second.actions.actions(10, null)).toMatchObject([{ id: 3 }])
  second.close()
})

it('of a deleted person no name and no ID is left, also not in what others were told apart from', () => {
  const directory = temporaryDirectory()
  const store = open(directory)
  const undo = {
    kind: 'merge',
    from: 'p-c',
    into: 'p-b',
    apart: [
      ['p-b', 'p-secret', 3, null],
      ['p-b', 'p-d', 1, 2],
    ],
  } as const
  store.commit(
    changeOf({
      journal: [
        { kind: 'action', action: action({ people: ['p-secret'], name: 'Hidden Name' }) },
        { kind: 'action', action: action({ kind: 'merge', people: ['p-b', 'p-c'], name: null, undo }) },
        { kind: 'answered', question: 'duplicate:p-b:p-secret', people: ['p-b', 'p-secret'], atMs: 1000 },
      ],
    }),
  )
  const deletion = action({ kind: 'delete', people: ['p-gone'], name: null, undo: null })
  store.commit(changeOf({ journal: [{ kind: 'action', action: deletion }], retired: ['p-secret'] }))
  expect(store.actions.actions(10, null).map(({ kind }) => kind)).toEqual(['delete', 'merge'])
  expect(store.actions.action(2)?.undo).toEqual({ ...undo, apart: [['p-b', 'p-d', 1, 2]] })
  store.close()
  expect(readFileSync(join(directory, 'people.db'), 'latin1')).not.toContain('Hidden Name')
})

it('keeps joins by a narrow margin until the track is somebody else’s, and what is old goes', () => {
  const store = open(temporaryDirectory())
  store.commit(
    changeOf({ events: [joined('clear', 0.9, 1), joined('narrow', 0.65, 2), joined('rival', 0.8, 3, 0.75)] }),
  )
  expect(store.actions.doubts().map(({ track }) => track)).toEqual(['rival', 'narrow'])
  store.commit(changeOf({ events: [joined('rival', 0.95, 4)] }))
  expect(store.actions.doubts().map(({ track }) => track)).toEqual(['narrow'])
  store.commit(changeOf({ retired: ['p-b'] }))
  expect(store.actions.doubts(), 'it names the one who was next').toEqual([])
  store.commit(changeOf({ journal: [{ kind: 'action', action: action() }], sightingsFromMs: 1001 }))
  expect(store.actions.actions(10, null)).toEqual([])
  store.close()
})
