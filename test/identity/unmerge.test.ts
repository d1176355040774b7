import { deserialize, serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import type { SavedState } from '../../src/identity/state/state.ts'
import { applied, fresh } from './store/states.ts'
import { faceOf, facesAt } from './support/faces.ts'
import { galleryStory } from './support/story.ts'

const typesOf = (events: readonly { readonly type: string }[]) =>
  events.map(({ type }) => type.slice('rollcall.'.length, -'.v1'.length))

/** Everything that is known of some people. */
const knownOf = (engine: Identity, ids: readonly string[]) => ({
  details: ids.map((id) => engine.person(id)),
  exported: engine.exportPeople().filter(({ id }) => ids.includes(id)),
})
const withoutApart = ({ details, exported }: ReturnType<typeof knownOf>, ids: readonly string[]) => ({
  details: details.map((person) => ({ ...person, apart: person.apart.filter((id) => !ids.includes(id)) })),
  exported: exported.map((person) => ({ ...person, apart: person.apart.filter((one) => !ids.includes(one.person)) })),
})

describe('a merge that is taken back', () => {
  const merged = () => {
    const story = galleryStory()
    const { engine, looks, visit, startMs } = story
    const ada = visit(looks.ada, startMs)
    const bo = visit(looks.bo, startMs + 60_000)
    visit(looks.ada, startMs + 120_000)
    const cy = visit(looks.cy, startMs + 180_000)
    engine.name(bo, 'Bo', startMs)
    engine.separate(ada, cy, startMs)
    const before = knownOf(engine, [ada, bo, cy])
    engine.merge(ada, bo, startMs + 240_000, { force: true })
    return { ...story, ada, bo, cy, before, merge: () => engine.merge(ada, bo, startMs + 240_000, { force: true }) }
  }

  it('restores both: ID, name, looks, counts, times, cannot-links', () => {
    const { engine, startMs, ada, bo, cy, before } = merged()
    expect(engine.resolve(ada)).toBe(bo)
    expect([...engine.aliases()]).toEqual([[ada, bo]])
    expect(engine.person(cy).apart).toEqual([bo])
    const events = engine.unmerge(ada, startMs + 300_000)
    expect(typesOf(events).slice(0, 1)).toEqual(['person.unmerged'])
    expect(events[0]).toMatchObject({ subject: ada, data: { person: ada, from: bo, by: 'user', name: null } })
    expect(engine.resolve(ada)).toBe(ada)
    expect(engine.aliases().size).toBe(0)
    const ids = [ada, bo, cy]
    expect(withoutApart(knownOf(engine, ids), [ada, bo])).toEqual(before && withoutApart(before, [ada, bo]))
    expect(engine.person(ada).apart).toContain(bo)
    expect(engine.people().map(({ id }) => id)).toEqual(ids)
  })

  it('recognises both, and never merges them again', () => {
    const { engine, looks, visit, startMs, ada, bo } = merged()
    engine.unmerge(ada, startMs + 300_000)
    for (let i = 0; i < 4; i++)
      expect([
        visit(looks.ada, startMs + 400_000 + i * 60_000),
        visit(looks.bo, startMs + 430_000 + i * 60_000),
      ]).toEqual([ada, bo])
  })

  it('publishes the person of every track that may still change', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [ada, bo] = [visit(looks.ada, startMs), visit(looks.bo, startMs + 1000)]
    engine.merge(ada, bo, startMs + 2000, { force: true })
    const events = engine.unmerge(bo, startMs + 3000)
    expect(typesOf(events)).toEqual(['person.unmerged', 'sighting.corrected', 'track.reassigned'])
    expect(events[2]).toMatchObject({ subject: bo, data: { before: ada, person: bo, track: 'door/s/1' } })
  })

  it('divides later tracks by the ID that they joined under', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const ada = visit(looks.ada, startMs)
    const bo = visit(looks.bo, startMs + 1000)
    engine.merge(ada, bo, startMs + 2000, { force: true })
    // Bo's track settles after the merge; Ada comes twice more, under the new ID.
    visit(looks.ada, startMs + 100_000)
    visit(looks.ada, startMs + 200_000)
    expect(engine.person(ada)).toMatchObject({ tracks: 4 })
    engine.unmerge(bo, startMs + 300_000)
    expect(engine.person(ada)).toMatchObject({ tracks: 3, faces: 60 })
    expect(engine.person(bo)).toMatchObject({ tracks: 1, faces: 20, lastSeenAtMs: startMs + 2900, exemplars: 1 })
    expect(visit(looks.bo, startMs + 400_000)).toBe(bo)
  })

  it('undoes a chain of merges one by one', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [ada, bo, cy] = [looks.ada, looks.bo, looks.cy].map((look, i) => visit(look, startMs + i * 60_000))
    if (!ada || !bo || !cy) throw new Error('three are needed')
    const force = { force: true }
    const chain = () => {
      engine.merge(cy, bo, startMs, force)
      engine.merge(bo, ada, startMs, force)
    }
    const before = withoutApart(knownOf(engine, [ada, bo, cy]), [ada, bo, cy])
    chain()
    expect(engine.person(ada).aliases).toEqual([cy, bo])
    engine.unmerge(bo, startMs)
    expect(engine.person(ada).aliases).toEqual([])
    expect(engine.person(cy)).toMatchObject({ id: bo, aliases: [cy], tracks: 2 })
    engine.unmerge(cy, startMs)
    expect(withoutApart(knownOf(engine, [ada, bo, cy]), [ada, bo, cy])).toEqual(before)
    chain()
    engine.unmerge(cy, startMs)
    expect(engine.person(bo)).toMatchObject({ id: ada, aliases: [bo], tracks: 2 })
    expect(engine.person(cy)).toMatchObject({ id: cy, aliases: [], tracks: 1 })
  })

  it('can be taken back after a restart, too', () => {
    const { engine, startMs, ada, bo, cy, before } = merged()
    const state = applied(fresh, deserialize(serialize(engine.takeChange())))
    const again = createIdentity(identityOptions.parse({}), { site: 'site', saved: state as SavedState })
    again.unmerge(ada, startMs + 300_000)
    const ids = [ada, bo, cy]
    expect(withoutApart(knownOf(again, ids), [ada, bo])).toEqual(withoutApart(before, [ada, bo]))
    const later = applied(state, deserialize(serialize(again.takeChange())))
    const third = createIdentity(identityOptions.parse({}), { site: 'site', saved: later })
    expect(knownOf(third, ids)).toEqual(knownOf(again, ids))
    expect(later.aliases).toEqual([])
  })

  it('keeps the order of the merges over a restart, and in what is exported then', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const people = Object.values(looks).map((look, i) => visit(look, startMs + i * 60_000))
    const [first = '', ...others] = people
    // Not the order in which the state lists them.
    const former = others.toSorted().reverse()
    for (const id of former) engine.merge(first, id, startMs, { force: true })
    const state = applied(fresh, deserialize(serialize(engine.takeChange())))
    const again = createIdentity(identityOptions.parse({}), { saved: state as SavedState })
    expect(again.person(first).aliases).toEqual(former)
    expect(again.exportPeople()).toEqual(engine.exportPeople())
  })

  it('leaves no count below nothing, whatever an import says', () => {
    const { engine, startMs, ada, bo } = merged()
    const exported = engine.exportPeople().map((person) => ({ ...person, tracks: 0, faces: 0 }))
    const copy = createIdentity(identityOptions.parse({}), {})
    copy.importPeople(exported, startMs)
    copy.unmerge(ada, startMs)
    expect(copy.person(bo)).toMatchObject({ tracks: 0, faces: 0 })
  })

  it('within one commit leaves what it was', () => {
    const { engine, startMs, ada, bo, merge } = merged()
    engine.takeChange()
    engine.unmerge(ada, startMs)
    merge()
    engine.unmerge(ada, startMs)
    const change = engine.takeChange()
    expect(change).toMatchObject({ gone: [], aliases: [], aliasesGone: [ada] })
    expect(change.people.map(({ id }) => id)).toEqual([ada, bo])
    merge()
    expect(engine.takeChange()).toMatchObject({ gone: [ada], aliases: [[ada, bo]], aliasesGone: [] })
  })

  it('is refused for an ID that is no alias, and for an unknown one', () => {
    const { engine, startMs, bo } = merged()
    expect(() => engine.unmerge(bo, startMs)).toThrow(/no old ID/)
    expect(() => engine.unmerge('p-nobody', startMs)).toThrow(/there is no person/)
  })

  it('is refused, with what to do instead, when its part can no longer be told', () => {
    const { engine, startMs, ada } = merged()
    const state = applied(fresh, engine.takeChange())
    // As an earlier version saved it.
    const old = { ...state, people: state.people.map((person) => ({ ...person, origins: [] })) }
    const again = createIdentity(identityOptions.parse({}), { saved: old })
    expect(() => again.unmerge(ada, startMs)).toThrow(/can no longer be told/)
    expect(typesOf(again.split(ada, startMs))).toContain('person.split')
  })

  it('leaves nothing of who is deleted', () => {
    const { engine, startMs, ada, bo } = merged()
    engine.unmerge(ada, startMs)
    engine.remove(ada, startMs)
    const state = applied(fresh, engine.takeChange())
    expect(state.people.map(({ id }) => id)).not.toContain(ada)
    expect(state.people.flatMap(({ origins }) => origins)).toEqual([])
    expect(engine.person(bo).id).toBe(bo)
    expect(() => engine.unmerge(ada, startMs)).toThrow(/there is no person/)
  })
})

describe('what somebody said of two people', () => {
  it('is still said of these two, whatever was merged and given back meanwhile, in any order', () => {
    for (const isAFirst of [true, false]) {
      const { engine, looks, visit, startMs } = galleryStory()
      const [a, b, c] = [looks.ada, looks.bo, looks.cy].map((look, i) => visit(look, startMs + i * 60_000))
      const d = visit(looks.ada.map((value) => -value) as Float32Array, startMs + 300_000)
      if (!a || !b || !c) throw new Error('three are needed')
      const merge = (from: string, into: string) => engine.merge(from, into, startMs + 400_000, { force: true })
      engine.name(c, 'Cy', startMs)
      engine.name(d, 'Dan', startMs)
      engine.separate(a, b, startMs + 350_000)
      merge(a, c)
      engine.separate(c, b, startMs + 400_000)
      merge(b, d)
      for (const id of isAFirst ? [a, b] : [b, a]) engine.unmerge(id, startMs + 500_000)
      expect(engine.person(a).apart.toSorted(), 'a').toEqual([b, c].toSorted())
      expect(engine.person(b).apart.toSorted(), 'b').toEqual([a, c, d].toSorted())
      expect(engine.person(c).apart.toSorted(), 'c').toEqual([a, b].toSorted())
    }
  })

  it('is known of the ID under which a track came, not of the one that it was merged into', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [a, b, c] = [looks.ada, looks.bo, looks.cy].map((look, i) => visit(look, startMs + i * 60_000))
    if (!a || !b || !c) throw new Error('three are needed')
    engine.name(b, 'Bo', startMs)
    const together = (from: number, count: number): void => {
      for (let i = from; i < from + count; i++) {
        const faces = [faceOf('door/s/one', looks.ada), faceOf('door/s/other', looks.cy)]
        engine.update(facesAt(startMs + 300_000 + i * 200, 1000 + i, faces))
      }
    }
    together(0, 1)
    expect(engine.person(c).apart).toEqual([])
    engine.merge(a, b, startMs, { force: true })
    together(1, 5)
    expect(engine.person(c).apart).toEqual([b])
    engine.unmerge(a, startMs)
    expect(engine.person(c).apart).toEqual([a])
  })

  it('is said of an ID that is forced into the other, once it is given back', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [a, b, c] = [looks.ada, looks.bo, looks.cy].map((look, i) => visit(look, startMs + i * 60_000))
    if (!a || !b || !c) throw new Error('three are needed')
    engine.separate(b, c, startMs)
    for (const id of [b, c]) engine.merge(a, id, startMs + 200_000, { force: true })
    for (const id of [b, c]) engine.unmerge(id, startMs + 300_000)
    expect(engine.person(b).apart.toSorted()).toEqual([a, c].toSorted())
  })
})

describe('a split by choice', () => {
  it('takes off exactly the tracks that are named, as somebody new who stays apart', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [ada, bo] = [visit(looks.ada, startMs), visit(looks.bo, startMs + 3000)]
    visit(looks.ada, startMs + 6000)
    engine.merge(ada, bo, startMs + 9000, { force: true })
    const events = engine.split(ada, startMs + 9000, { tracks: ['door/s/2'] })
    expect(typesOf(events)).toEqual([
      'person.created',
      'track.reassigned',
      'sighting.corrected',
      'sighting.corrected',
      'person.split',
    ])
    const off = events[0]?.subject ?? ''
    expect(events[1]).toMatchObject({ subject: off, data: { track: 'door/s/2', before: ada, person: off } })
    expect(engine.person(off)).toMatchObject({ tracks: 1, apart: [ada] })
    expect(engine.person(ada)).toMatchObject({ tracks: 2, aliases: [bo] })
    engine.unmerge(bo, startMs + 9000)
    expect(engine.person(bo)).toMatchObject({ id: bo, tracks: 1 })
  })
})
