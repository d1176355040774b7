import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { dot } from '../../src/math/vector.ts'
import type { PersonId } from '../../src/types.ts'
import { open, temporaryDirectory } from './store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './support/faces.ts'
import { mostAlike } from './support/vectors.ts'

const startMs = 1_772_443_800_000
const minuteMs = 60_000
const dayMs = 86_400_000
const options = identityOptions.parse({ deleteAfterDays: null, archiveAfterDays: null })

const typesOf = (events: readonly { readonly type: string }[]) =>
  events.map(({ type }) => type.slice('rollcall.'.length, -'.v1'.length))

/** A site on disk, before whose camera people come for two seconds each. */
const site = () => {
  const random = randomFrom(7)
  const looks = { ada: direction(random), bo: direction(random), cy: direction(random) }
  const directory = temporaryDirectory()
  let store = open(directory)
  let engine: Identity = createIdentity(options, { archive: store })
  let [atMs, seq, tracks] = [startMs, 0, 0]
  const save = () => store.commit(engine.takeChange())
  const visit = (look: Float32Array): { readonly track: string; readonly person: PersonId } => {
    const track = `door/s/${tracks++}`
    atMs += minuteMs
    let person = ''
    for (let i = 0; i < 20; i++, atMs += 100) {
      const over = i === 19 ? { endedTracks: [track] } : {}
      for (const event of engine.update(facesAt(atMs, seq++, [faceOf(track, near(look, 0.3, random))], over)))
        if (event.type === 'rollcall.track.assigned.v1') person = event.data.person
    }
    save()
    return { track, person }
  }
  /** Ada and Bo come in turn for an hour, are made one person, and nobody is in view any more. */
  const wronglyOne = () => {
    const visits = Array.from({ length: 30 }, (_, i) => visit(i % 2 ? looks.bo : looks.ada))
    const [ada = '', bo = ''] = visits.map(({ person }) => person)
    const tracksOf = (who: PersonId) => visits.filter(({ person }) => person === who).map(({ track }) => track)
    const each = { ada, bo, ofAda: tracksOf(ada), ofBo: tracksOf(bo) }
    engine.merge(ada, bo, atMs, { force: true })
    visit(looks.cy)
    save()
    return each
  }
  const act = (work: (engine: Identity) => readonly RollcallEvent[]) => {
    const events = work(engine)
    save()
    return events
  }
  /** The cosine of what the person is known by to a look. */
  const alike = (id: PersonId, look: Float32Array): number => {
    const sum = new Float64Array(look.length)
    for (const { vector } of engine.exportPeople().find((one) => one.id === engine.resolve(id))?.exemplars ?? [])
      for (const [i, value] of vector.entries()) sum[i] = (sum[i] ?? 0) + value
    return dot(sum, look) / Math.hypot(...sum)
  }
  return {
    looks,
    store: () => store,
    visit,
    wronglyOne,
    act,
    alike,
    wait: (ms: number) => void (atMs += ms),
    now: () => atMs,
    engine: () => engine,
    restart: () => {
      store.close()
      store = open(directory)
      engine = createIdentity(options, { saved: store.saved(), archive: store })
    },
  }
}

describe('two people who were wrongly one for an hour, divided by tracks that have long settled', () => {
  it('have what is theirs each; who had an ID has it again, with what was chosen besides', () => {
    const { wronglyOne, act, alike, looks, engine, now, visit } = site()
    const { ada, bo, ofBo } = wronglyOne()
    expect(alike(ada, looks.bo)).toBeGreaterThan(0.5)
    const events = act((one) => one.split(ada, now(), { tracks: ofBo }))
    expect(typesOf(events).slice(0, 1)).toEqual(['person.unmerged'])
    expect([engine().resolve(ada), engine().resolve(bo)]).toEqual([ada, bo])
    for (const [id, own, other] of [
      [ada, looks.ada, looks.bo],
      [bo, looks.bo, looks.ada],
    ] as const) {
      expect(alike(id, own)).toBeGreaterThan(0.97)
      expect(alike(id, other)).toBeLessThan(0.3)
      expect(engine().person(id)).toMatchObject({ tracks: 15 })
    }
    expect(engine().person(ada).apart).toContain(bo)
    expect([visit(looks.ada).person, visit(looks.bo).person]).toEqual([ada, bo])
  })

  it('a part of them, as somebody new: tracks are reassigned, sightings corrected, and what an unmerge gives back is the rest', () => {
    const { wronglyOne, act, alike, looks, engine, now, restart } = site()
    const { ada, bo, ofBo } = wronglyOne()
    restart()
    const chosen = ofBo.slice(0, 10)
    const events = act((one) => one.split(ada, now(), { tracks: chosen }))
    const off = events[0]?.subject ?? ''
    expect(typesOf(events)).toEqual([
      'person.created',
      ...chosen.flatMap(() => ['track.reassigned', 'sighting.corrected']),
      'person.split',
    ])
    for (const event of events.slice(1, -1)) expect(event).toMatchObject({ data: { person: off, before: ada } })
    expect(events[2]).toMatchObject({ data: { why: 'split' } })
    expect(alike(off, looks.bo)).toBeGreaterThan(0.97)
    expect([engine().person(off).tracks, engine().person(ada).tracks]).toEqual([10, 20])
    restart()
    act((one) => one.unmerge(bo, now()))
    expect(alike(bo, looks.bo)).toBeGreaterThan(0.97)
    expect(alike(ada, looks.ada)).toBeGreaterThan(0.97)
    expect(alike(ada, looks.bo)).toBeLessThan(0.3)
    expect([engine().person(bo).tracks, engine().person(ada).tracks]).toEqual([5, 15])
    // What was taken off is a person like any other.
    act((one) => one.merge(off, bo, now(), { force: true }))
    act((one) => one.unmerge(off, now()))
    act((one) => one.split(off, now(), { tracks: chosen.slice(0, 3) }))
    expect(engine().person(off).tracks).toBe(7)
    expect(alike(off, looks.bo)).toBeGreaterThan(0.95)
  })

  it('after the merge was taken back, too, and made again', () => {
    const { wronglyOne, act, alike, looks, engine, now } = site()
    const { ada, bo, ofAda, ofBo } = wronglyOne()
    act((one) => one.unmerge(bo, now()))
    expect(() => engine().split(ada, now(), { tracks: ofBo.slice(0, 1) })).toThrow(
      new RegExp(`is not one of ${ada}, it is one of ${bo}`),
    )
    act((one) => one.merge(ada, bo, now(), { force: true }))
    const events = act((one) => one.split(ada, now(), { tracks: [...ofAda.slice(0, 5), ...ofBo] }))
    expect(typesOf(events)[0]).toBe('person.unmerged')
    expect([engine().person(bo).tracks, engine().person(ada).tracks]).toEqual([20, 10])
    expect(alike(ada, looks.ada)).toBeGreaterThan(0.97)
  })

  it('and moved to somebody else by mistake: the undo gives back what they had taught', () => {
    const { wronglyOne, act, alike, looks, engine, now, visit } = site()
    const { ada, ofBo } = wronglyOne()
    const cy = visit(looks.cy).person
    const { undo } = engine().act({ kind: 'move', from: ada, to: cy, tracks: ofBo }, now())
    expect(alike(ada, looks.bo)).toBeLessThan(0.3)
    act((one) => (undo ? one.undo(undo, now()) : []))
    expect(alike(ada, looks.bo)).toBeGreaterThan(0.5)
    expect(alike(cy, looks.bo)).toBeLessThan(0.3)
  })

  it('divided without a choice, too: settled tracks go with the part that they are like', () => {
    const { wronglyOne, act, alike, looks, now, engine } = site()
    const { ada, bo, ofBo } = wronglyOne()
    act((one) => one.split(ada, now()))
    const events = act((one) => one.split(bo, now(), { tracks: ofBo.slice(0, 4) }))
    expect(alike(events[0]?.subject ?? '', looks.bo)).toBeGreaterThan(0.95)
    expect(engine().person(bo).tracks).toBe(11)
  })

  it('and of photos the person keeps what no track has shown', () => {
    const { wronglyOne, act, alike, looks, now, engine } = site()
    const { ada, ofBo } = wronglyOne()
    act((one) => one.name(ada, 'Ada', now()))
    act((one) => one.enroll('Ada', [{ embedding: looks.cy, quality: 0.9 }], now()))
    act((one) => one.split(ada, now(), { tracks: ofBo }))
    const known =
      engine()
        .exportPeople()
        .find(({ id }) => id === ada)?.exemplars ?? []
    expect(
      mostAlike(
        known.map(({ vector }) => vector),
        looks.cy,
      ),
    ).toBeGreaterThan(0.9)
    expect(alike(ada, looks.bo)).toBeLessThan(0.3)
  })
})

describe('a choice of settled tracks', () => {
  it('is refused, with what to do, for somebody else’s, for unknown ones, and for all of them; nothing has changed', () => {
    const { visit, looks, engine, now } = site()
    const [one, other, two] = [visit(looks.ada), visit(looks.bo), visit(looks.ada)]
    visit(looks.cy)
    const before = [engine().people(), engine().exportPeople()]
    const split = (tracks: readonly string[]) => () => engine().split(one.person, now(), { tracks })
    expect(split([one.track, other.track])).toThrow(`it is one of ${other.person}`)
    expect(split([one.track, 'door/s/99'])).toThrow(/not kept any more/)
    expect(split([one.track, two.track])).toThrow(/nothing would be left/)
    for (const work of [split([other.track]), split(['x']), split([one.track, two.track])])
      expect(work).toThrow(expect.objectContaining({ code: 'PERSON_CONFLICT', remedy: expect.stringMatching(/./) }))
    expect([engine().people(), engine().exportPeople()]).toEqual(before)
    expect(split([one.track])).not.toThrow()
  })

  it('has what is no older than `identity.sightingDays`; of a person of whom older ones are gone, the newer come off', () => {
    const { wronglyOne, act, alike, looks, store, engine, now, wait, visit } = site()
    const { ada, ofBo } = wronglyOne()
    act((one) => one.tick(now()))
    wait(20 * dayMs)
    act((one) => one.tick(now()))
    const later = Array.from({ length: 5 }, () => visit(looks.bo))
    visit(looks.cy)
    act((one) => one.tick(now()))
    wait(12 * dayMs)
    act((one) => one.tick(now()))
    expect(store().settled.ofPeople([ada, engine().person(ada).aliases[0] ?? '']), 'those of 20 days ago').toHaveLength(
      5,
    )
    expect(() => engine().split(ada, now(), { tracks: [ofBo[0] ?? ''] })).toThrow(/not kept any more/)
    const off = act((one) => one.split(ada, now(), { tracks: later.map(({ track }) => track) }))[0]?.subject ?? ''
    expect(alike(off, looks.bo)).toBeGreaterThan(0.95)
    expect(alike(ada, looks.ada)).toBeGreaterThan(0.5)
  })
})
