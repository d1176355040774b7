import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { carryOver } from '../../../src/identity/store/carry-over.ts'
import { fileOf, openStore } from '../../../src/identity/store/open.ts'
import { dot, unit } from '../../../src/math/vector.ts'
import type { PersonId } from '../../../src/types.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../support/faces.ts'
import { mostAlike, vectorsIn } from '../support/vectors.ts'
import { changeOf, embedder, open, personAt, temporaryDirectory } from './states.ts'

const other = { name: 'large', sha256: 'a'.repeat(64), dimensions: 160 }
const random = randomFrom(3)
/** What another embedder says of the same face: other axes, more of them. */
const axes = Array.from({ length: other.dimensions }, () => direction(random, embedder.dimensions))
const seenByOther = (old: ArrayLike<number>): Float32Array =>
  unit(Float32Array.from(axes, (axis) => dot(axis, old))) as Float32Array

const reopened = (directory: string) => {
  const store = openStore(directory, { embedder: other })
  onTestFinished(() => store.close())
  return store
}

/** Lets a camera see one face for two seconds; the track ends, or is still there. */
const visit = (
  engine: ReturnType<typeof createIdentity>,
  { look, track, atMs, isOver = true }: { look: Float32Array; track: string; atMs: number; isOver?: boolean },
): PersonId | null => {
  let person: PersonId | null = null
  for (let i = 0; i < 20; i++) {
    const face = faceOf(`door/s/${track}`, near(look, 0.3, random))
    const ended = isOver && i === 19 ? { endedTracks: [`door/s/${track}`] } : {}
    for (const event of engine.update(facesAt(atMs + i * 100, atMs / 100 + i, [face], ended)))
      if (event.type === 'rollcall.track.assigned.v1') person = event.data.person
  }
  return person
}

const startMs = 1_772_443_800_000
const people = Array.from({ length: 12 }, () => direction(random))
const options = identityOptions.parse({})

/** A state of people who came, one of them merged, one still in view. */
const learned = () => {
  const directory = temporaryDirectory()
  const store = open(directory)
  const engine = createIdentity(options, { archive: store })
  const ids = people.map((look, i) => {
    const isOver = i < people.length - 1
    const id = visit(engine, { look, track: `${i}`, atMs: startMs + i * 60_000, isOver })
    // An hour later what was in view is settled.
    if (isOver) visit(engine, { look, track: `again-${i}`, atMs: startMs + i * 60_000 + 20_000 })
    return id as PersonId
  })
  engine.merge(ids[0] as PersonId, ids[1] as PersonId, startMs + 10_000_000, { force: true })
  store.commit(engine.takeChange())
  store.close()
  return { directory, ids: ids.map((id) => engine.resolve(id)) }
}

describe('another embedder', () => {
  it('still drops those who are never to be recognised', () => {
    const directory = temporaryDirectory()
    const store = open(directory)
    const engine = createIdentity(options, { archive: store })
    const [look] = people as [Float32Array]
    engine.object(
      { id: 'o-1', person: null, faces: [{ embedding: look, quality: 0.9 }], note: null, code: '' },
      startMs,
    )
    store.commit(engine.takeChange())
    store.close()
    carryOver(directory, { from: embedder, to: other, map: seenByOther })
    const after = reopened(directory)
    const next = createIdentity(options, { archive: after, saved: after.saved() })
    expect(visit(next, { look: seenByOther(look), track: 'new', atMs: startMs })).toBeNull()
    // Over by now: a picture of it may still come.
    expect(next.isDropped('door', 'door/s/new')).toBe(true)
    expect(next.people()).toEqual([])
  })

  it('knows everybody again under the same IDs, and nothing of the old space is left in the state', () => {
    const { directory, ids } = learned()
    const before = open(directory)
    const saved = before.saved()
    before.close()
    const carried = carryOver(directory, { from: embedder, to: other, map: seenByOther })
    expect(carried.people).toBe(people.length - 1)
    const store = reopened(directory)
    const after = store.saved()
    const plain = (state: typeof saved) =>
      state.people.map(({ exemplars, origins, ...rest }) => ({
        ...rest,
        looks: exemplars.map(({ weight }) => weight),
        merged: origins.map(({ id }) => id),
      }))
    expect(plain(after)).toEqual(plain(saved))
    expect(after.aliases).toEqual(saved.aliases)
    const vectors = vectorsIn([after, store.settled.ofPeople(ids)])
    expect(vectors.length).toBeGreaterThan(3 * people.length)
    for (const vector of vectors) expect(vector.length).toBe(other.dimensions)
    const engine = createIdentity(options, { archive: store, saved: after })
    for (const [i, look] of people.entries()) {
      const atMs = startMs + 86_400_000 + i * 60_000
      expect(engine.resolve(visit(engine, { look: seenByOther(look), track: `new-${i}`, atMs }) ?? ''), `${i}`).toBe(
        ids[i],
      )
    }
  })

  it('what was merged can be given back', () => {
    const { directory, ids } = learned()
    carryOver(directory, { from: embedder, to: other, map: seenByOther })
    const store = reopened(directory)
    const engine = createIdentity(options, { archive: store, saved: store.saved() })
    const [merged] = store.saved().aliases
    engine.unmerge(merged?.[0] as PersonId, startMs + 90_000_000)
    const atMs = startMs + 100_000_000
    const found = [0, 1].map((i) =>
      visit(engine, { look: seenByOther(people[i] as Float32Array), track: `back-${i}`, atMs: atMs + i * 60_000 }),
    )
    expect(new Set(found)).toEqual(new Set([ids[0], merged?.[0]]))
  })

  it('keeps how much each look shows', () => {
    const directory = temporaryDirectory()
    const store = open(directory)
    store.commit(changeOf({ people: [personAt(0, {}, 3)], created: 1 }))
    store.close()
    expect(carryOver(directory, { from: embedder, to: other, map: seenByOther })).toEqual({ people: 1, looks: 3 })
    const [person] = reopened(directory).saved().people
    for (const [i, { sum, weight }] of (person?.exemplars ?? []).entries()) {
      const old = personAt(0, {}, 3).exemplars[i]
      expect(weight).toBe(old?.weight)
      expect(Math.sqrt(dot(sum, sum))).toBeCloseTo(Math.sqrt(dot(old?.sum ?? [], old?.sum ?? [])), 5)
      expect(mostAlike([sum], seenByOther(old?.sum ?? []))).toBeCloseTo(1, 5)
    }
  })

  it('is all or nothing, whenever the plug is pulled', () => {
    const { directory } = learned()
    const state = () => {
      const store = open(directory)
      const saved = store.saved()
      store.close()
      return saved
    }
    const before = state()
    let writes = 0
    const count = () => {
      if (writes-- === 0) throw new Error('no power')
    }
    for (const at of [0, 1, 5, 20, 40]) {
      writes = at
      expect(
        () => carryOver(directory, { from: embedder, to: other, map: seenByOther, onWrite: count }),
        `${at}`,
      ).toThrow('no power')
      expect(state()).toEqual(before)
    }
  })

  it('refuses a state that is of neither, is open, or is not there, and leaves it as it is', () => {
    const { directory } = learned()
    const bytes = readFileSync(fileOf(directory))
    const refused = (at: string, from: typeof embedder) =>
      expect(() => carryOver(at, { from, to: embedder, map: seenByOther }))
    refused(directory, other).toThrow(/learned with the embedder small .* not with large/)
    const store = open(directory)
    refused(directory, embedder).toThrow(/in use by process/)
    store.close()
    refused(temporaryDirectory(), embedder).toThrow('there are no people in')
    expect(readFileSync(fileOf(directory)).equals(bytes)).toBe(true)
  })
})
