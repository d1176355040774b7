import { describe, expect, it, onTestFinished } from 'vitest'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { createActsService } from '../../src/site/acts-service.ts'
import { createCommittedIdentity } from '../../src/site/committed-identity.ts'
import { createPeopleService } from '../../src/site/people-service.ts'
import { embedder, temporaryDirectory } from '../identity/store/states.ts'
import { faceOf, facesAt } from '../identity/support/faces.ts'
import { openServer } from './open-server.ts'

interface Answer {
  readonly person: { readonly id: string; readonly name: string | null; readonly tracks: number }
  readonly action: number
  readonly actions: readonly { readonly id: number; readonly kind: string; readonly sighting: string | null }[]
  readonly events: readonly { readonly type: string }[]
  readonly questions: readonly {
    readonly id: string
    readonly kind: string
    readonly answers: readonly string[]
    readonly sighting: string | null
    readonly atMs: number | null
    readonly people: readonly { readonly id: string }[]
  }[]
  readonly error: { readonly code: string; readonly message: string }
}

const startMs = 1_772_443_800_000
const look = (...parts: readonly number[]): Float32Array => {
  const rest = Math.sqrt(Math.max(0, 1 - parts.reduce((sum, each) => sum + each * each, 0)))
  return Float32Array.from({ length: 128 }, (_, i) => parts[i] ?? (i === parts.length ? rest : 0))
}

/** A site on a state directory, as the program opens it: with people who are seen, and a server. */
const openSite = async (directory: string) => {
  const store = openStore(directory, { embedder })
  const engine = createIdentity(identityOptions.parse({}), { saved: store.saved(), archive: store })
  const { transact } = createCommittedIdentity(engine, store)
  const { actions, sightings } = store
  const nowMs = () => startMs
  const peopleService = createPeopleService({ gallery: engine, transact, actions, history: () => [], embedder, nowMs })
  const acts = createActsService({ engine, transact, actions, sightings, nowMs })
  const { get, server } = await openServer({}, { peopleService, acts })
  let isOpen = true
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await server.close()
    store.close()
  }
  onTestFinished(close)
  const ask = async (method: string, path: string, body?: object) => {
    const response = await get(path, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    return { status: response.status, answer: (await response.json()) as Answer }
  }
  let [seq, atMs] = [0, startMs]
  /** Somebody walks past the door. Returns whom the track belongs to. */
  const visit = (track: string, embedding: Float32Array): string => {
    for (let i = 0; i < 12; i++) {
      atMs += 150
      const faces = [faceOf(track, embedding, 0.9)]
      engine.update(facesAt(atMs, seq++, faces, { endedTracks: i === 11 ? [track] : [] }))
    }
    atMs += 60_000
    engine.tick(atMs)
    store.commit(engine.takeChange())
    return sightings.ofTracks([track]).at(-1)?.person ?? ''
  }
  const sightingOf = (track: string): string => sightings.ofTracks([track]).at(-1)?.sighting ?? ''
  const ownerOf = (track: string): string => engine.resolve(engine.sighting(sightingOf(track))?.person ?? '')
  return { ask, visit, sightingOf, ownerOf, close, people: () => engine.people().map(({ id }) => id) }
}

/** Two people, and a visit that joined the first by a narrow margin over the second. */
const doubtful = async () => {
  const directory = temporaryDirectory()
  const site = await openSite(directory)
  const [a, b] = [site.visit('door/s1/1', look(1)), site.visit('door/s1/2', look(0, 1))]
  site.visit('door/s1/3', look(0.72, 0.64))
  const { questions } = (await site.ask('GET', '/api/review')).answer
  const question = questions.find(({ kind }) => kind === 'join')
  if (!question) throw new Error(`nobody doubts the join: ${JSON.stringify(questions)}`)
  return { ...site, directory, a, b, question, path: `/api/review/${encodeURIComponent(question.id)}` }
}

describe('a doubtful join', () => {
  it('is asked about with its visit and both people', async () => {
    const { question, a, b, sightingOf } = await doubtful()
    expect(question).toMatchObject({
      id: 'join:door/s1/3',
      sighting: sightingOf('door/s1/3'),
      people: [{ id: a }, { id: b }],
      answers: ['same', 'different', 'other', 'dismiss'],
    })
  })

  it('comes before the name of somebody who was here six times', async () => {
    const { ask, visit } = await doubtful()
    for (const track of ['4', '5', '6', '7', '8']) visit(`door/s1/${track}`, look(0, 1))
    const { questions } = (await ask('GET', '/api/review')).answer
    expect(questions.map(({ kind }) => kind)).toEqual(['join', 'unnamed'])
  })

  it.each([
    ['same', 'nobody is changed', (owner: string, a: string) => owner === a],
    ['different', 'it is somebody new', (owner: string, a: string, b: string) => owner !== a && owner !== b],
    ['other', 'it is the next one’s', (owner: string, _: string, b: string) => owner === b],
  ] as const)('%s: %s; its undo brings visit and question back', async (answer, _, isRight) => {
    const { ask, path, a, b, ownerOf, question } = await doubtful()
    const done = await ask('POST', path, { answer })
    expect(done.status).toBe(200)
    expect(isRight(ownerOf('door/s1/3'), a, b)).toBe(true)
    expect((await ask('GET', '/api/review')).answer.questions.map(({ id }) => id)).not.toContain(question.id)
    expect((await ask('POST', path, { answer })).status).toBe(409)
    expect((await ask('POST', `/api/actions/${done.answer.action}/undo`)).status).toBe(200)
    expect(ownerOf('door/s1/3')).toBe(a)
    expect((await ask('GET', '/api/review')).answer.questions).toContainEqual(
      // An undo joins the visit anew: the figures are those of now.
      expect.objectContaining({ id: question.id, atMs: question.atMs }),
    )
  })
})

it('an unnamed frequent visitor is named by the answer; without a name it is refused', async () => {
  const { ask, visit } = await openSite(temporaryDirectory())
  const ids = ['1', '2', '3', '4', '5', '6'].map((track) => visit(`door/s1/${track}`, look(1)))
  const id = ids[0] ?? ''
  const path = `/api/review/${encodeURIComponent(`unnamed:${id}`)}`
  expect((await ask('GET', '/api/review')).answer.questions).toMatchObject([{ id: `unnamed:${id}`, kind: 'unnamed' }])
  expect((await ask('POST', path, { answer: 'name' })).answer.error.message).toContain('name: expected')
  const { answer } = await ask('POST', path, { answer: 'name', name: 'Ada' })
  expect((await ask('GET', `/api/people/${id}`)).answer.person.name).toBe('Ada')
  expect((await ask('GET', '/api/review')).answer.questions).toEqual([])
  await ask('POST', `/api/actions/${answer.action}/undo`)
  expect((await ask('GET', '/api/review')).answer.questions).toMatchObject([{ id: `unnamed:${id}` }])
})

describe('a visit', () => {
  const twoVisits = async () => {
    const directory = temporaryDirectory()
    const site = await openSite(directory)
    const a = site.visit('door/s1/1', look(1))
    site.visit('door/s1/2', look(0.98))
    const b = site.visit('door/s1/3', look(0, 0, 1))
    return { ...site, directory, a, b, path: `/api/sightings/${encodeURIComponent(site.sightingOf('door/s1/2'))}/move` }
  }

  it('is moved to another person, or becomes a new one; each is undone', async () => {
    const { ask, a, b, ownerOf, path, people } = await twoVisits()
    for (const to of [b, null]) {
      const { status, answer } = await ask('POST', path, { to })
      expect(status).toBe(200)
      expect(ownerOf('door/s1/1')).toBe(a)
      if (to === null) expect([a, b]).not.toContain(ownerOf('door/s1/2'))
      else expect(ownerOf('door/s1/2')).toBe(b)
      expect((await ask('POST', `/api/actions/${answer.action}/undo`)).status).toBe(200)
      expect(ownerOf('door/s1/2')).toBe(a)
      expect(people().toSorted()).toEqual([a, b].toSorted())
    }
    expect((await ask('POST', path, { to: 'p-nobody' })).status).toBe(404)
    expect((await ask('POST', path, {})).status).toBe(400)
    expect((await ask('POST', '/api/sightings/nothing/move', { to: b })).status).toBe(409)
  })

  it('is moved back by an undo after a restart', async () => {
    const { ask, a, b, path, directory, close } = await twoVisits()
    const { answer } = await ask('POST', path, { to: b })
    await close()
    const again = await openSite(directory)
    expect(again.ownerOf('door/s1/2')).toBe(b)
    const [listed] = (await again.ask('GET', '/api/actions')).answer.actions
    expect(listed).toMatchObject({ id: answer.action, kind: 'move', sighting: again.sightingOf('door/s1/2') })
    expect((await again.ask('POST', `/api/actions/${answer.action}/undo`)).status).toBe(200)
    expect(again.ownerOf('door/s1/2')).toBe(a)
    expect((await again.ask('POST', `/api/actions/${answer.action}/undo`)).status).toBe(409)
  })
})
