import { expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createDecisions, decisionWords } from '../../src/site/decisions.ts'
import { faultsOfAnswer } from '../server/answers.ts'
import { openServer } from '../server/open-server.ts'
import { openScene, startMs } from './crops/scene.ts'

const nameOf = (id: string) => (id === 'p-anna' ? 'anna' : id)
const event = (type: string, data: object): RollcallEvent =>
  ({ type, time: '2026-03-02T09:00:00Z', data: { sequence: 1, ...data } }) as never
const candidate = (person: string, score: number) => ({ person, similarity: score, score })

test.each([
  [
    'track.assigned',
    {
      reason: 'joined',
      person: 'p-1',
      candidate: candidate('p-1', 0.712),
      threshold: 0.64,
      runnerUp: candidate('p-anna', 0.518),
    },
    'joined at .71 over .64; next: anna .52',
  ],
  [
    'track.assigned',
    { reason: 'joined', person: 'p-1', candidate: candidate('p-1', 1.04), threshold: 0.64, runnerUp: null },
    'joined at 1.04 over .64',
  ],
  [
    'track.assigned',
    { reason: 'created', person: 'p-1', candidate: candidate('p-anna', -0.05), threshold: 0.55, runnerUp: null },
    'a new person: anna was nearest with -.05, .55 was needed',
  ],
  [
    'track.assigned',
    { reason: 'created', person: 'p-1', candidate: null, threshold: 0.55, runnerUp: null },
    'a new person: there was nobody to compare with',
  ],
  [
    'track.reassigned',
    {
      reason: 'moved',
      person: 'p-1',
      before: 'p-anna',
      candidate: candidate('p-1', 0.8),
      threshold: 0.64,
      runnerUp: null,
    },
    'moved from anna at .80 over .64',
  ],
  [
    'track.reassigned',
    {
      reason: 'moved',
      person: 'p-anna',
      before: 'p-1',
      candidate: candidate('p-anna', 0.8),
      threshold: 0.64,
      runnerUp: null,
    },
    'moved to anna at .80 over .64',
  ],
  ['person.created', { camera: 'door' }, 'first seen on door'],
  ['person.named', { name: 'anna' }, 'named anna'],
  [
    'person.merged',
    { person: 'p-2', into: 'p-1', by: 'engine', score: 0.8, threshold: 0.74 },
    'p-2 and p-1 became one: Rollcall merged them (.80, .74 was needed)',
  ],
  [
    'person.merged',
    { person: 'p-2', into: 'p-1', by: 'user', score: null, threshold: null },
    'p-2 and p-1 became one: somebody merged them',
  ],
  [
    'person.split',
    { person: 'p-1', off: 'p-3', by: 'user', score: null, threshold: null },
    'p-3 was split off p-1 by somebody',
  ],
  ['person.apart', { person: 'p-1', other: 'p-anna', apart: true }, 'p-1 and anna are two people: somebody said so'],
  ['frame', {}, null],
])('%s is said in words', (type, data, words) => {
  expect(decisionWords(event(`rollcall.${type}.v1`, data), 'p-1', nameOf)).toBe(words)
})

test('a person’s decisions are told the last first, over HTTP as the document says', async () => {
  const { looks, show, personOf, engine, committed, store } = openScene({ crops: 'memory' })
  show('door/s1/1', looks.ada)
  show('door/s1/2', looks.ada)
  const ada = personOf('door/s1/1')
  committed.transact((people) => people.name(ada, '<b>Ada</b>', startMs + 10_000))
  const parts = { idsOf: (id: string) => engine.idsOf(id), nameOf: (id: string) => engine.nameOf(id) }
  const decisions = createDecisions({ ...parts, history: (id) => store.history(id) })
  const { get } = await openServer({}, { decisions })
  const response = await get(`/api/people/${ada}/decisions`)
  const answer = (await response.json()) as { decisions: { words: string; track: string | null }[] }
  expect(answer.decisions.map(({ words, track }) => [words, track])).toEqual([
    ['named <b>Ada</b>', null],
    [expect.stringMatching(/^joined at \S+ over \.64$/), 'door/s1/2'],
    ['a new person: there was nobody to compare with', 'door/s1/1'],
    ['first seen on door', 'door/s1/1'],
  ])
  const document = await (await get('/api/openapi.json')).json()
  expect(faultsOfAnswer(document, 'get /api/people/{id}/decisions', answer)).toBe(null)
  expect((await get('/api/people/p-nobody/decisions')).status).toBe(404)
  expect(createDecisions({ ...parts, history: null })(ada)).toEqual({ kept: false, decisions: [] })
})
