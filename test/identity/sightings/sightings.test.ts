import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { RollcallEvent, SightingEvent } from '../../../src/events/types.ts'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { archiveInMemory } from '../../../src/identity/store/archive.ts'
import { findSightingsIn } from '../../../src/site/find-sightings.ts'
import type { Faces, PersonId } from '../../../src/types.ts'
import { attendanceFrom } from '../support/attendance.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../support/faces.ts'
import { traffic } from '../support/traffic.ts'

type Corrected = Extract<SightingEvent, { readonly type: 'rollcall.sighting.corrected.v1' }>

/** A site in memory, whose sightings go into the table as they do in a run. */
const site = (more: object = {}) => {
  const random = randomFrom(31)
  const archive = archiveInMemory()
  const engine = createIdentity(identityOptions.parse(more), { site: 'site', archive })
  const events: RollcallEvent[] = []
  let [seq, atMs] = [0, 1_772_443_800_000]
  const flush = () => archive.apply(engine.takeChange())
  const table = archive.sightings
  const find = findSightingsIn({ table, idsOf: (id) => engine.idsOf(id), resolve: (id) => engine.resolve(id), flush })
  const send = (tracks: Readonly<Record<string, Float32Array>>, over: Partial<Faces> = {}, stepMs = 100) => {
    atMs += stepMs
    const faces = Object.entries(tracks).map(([track, look], i) => faceOf(track, near(look, 0.3, random), 0.8, i / 4))
    const told = engine.update(facesAt(atMs, seq++, faces, over))
    events.push(...told)
    return told
  }
  return {
    engine,
    events,
    table,
    flush,
    find,
    send,
    looks: Array.from({ length: 4 }, () => direction(random)) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ],
    now: () => atMs,
    act: (work: (now: number) => readonly RollcallEvent[]) => {
      const told = work(atMs)
      events.push(...told)
      return told
    },
    /** One face for two seconds on a track that then ends; returns whose ID it got. */
    visit: (track: string, look: Float32Array): PersonId => {
      for (let i = 0; i < 20; i++) send({ [track]: look }, i === 19 ? { endedTracks: [track] } : {})
      const assigned = events.findLast(
        (event) => event.type === 'rollcall.track.assigned.v1' && event.data.track === track,
      )
      return engine.resolve(assigned?.subject ?? '')
    },
    /** Nobody, for so long that every sighting ends. */
    pause: (ms = 6000): void => {
      for (let i = 0; i < ms / 500; i++) send({}, {}, 500)
    },
    ended: () => [...attendanceFrom(events).values()],
    all: () => find({ limit: 1000 }).sightings,
    corrections: () => events.filter((event): event is Corrected => event.type === 'rollcall.sighting.corrected.v1'),
  }
}

describe('a sighting', () => {
  it('has an ID made from its first frame, its tracks, and an end after its last frame', () => {
    const { visit, pause, looks, events, all } = site()
    const ada = visit('door/s1/1', looks[0])
    visit('door/s1/2', looks[0])
    pause()
    const [ended] = events.filter((event) => event.type === 'rollcall.sighting.ended.v1')
    expect(ended?.id).toMatch(/^door\/s1\/1\/0\/ended\/\d+$/)
    expect(ended?.data).toMatchObject({
      sighting: 'door/s1/1/0',
      person: ada,
      tracks: ['door/s1/1', 'door/s1/2'],
      frames: 40,
      untilMs: Number(ended?.data.fromMs) + 4000,
    })
    expect(all()).toMatchObject([{ sighting: 'door/s1/1/0', person: ada, ended: true }])
  })

  it('of a single frame lasts as long as one frame', () => {
    for (const [gapMs, lastsMs] of [
      [40, 100],
      [500, 500],
      [4000, 1000],
    ] as const) {
      const { send, visit, pause, looks, all } = site({ confirmFaces: 1, confirmMs: 0, confirmWeight: 0 })
      visit('door/s1/1', looks[0])
      pause()
      send({}, {}, gapMs)
      send({ 'door/s1/2': looks[0] }, { endedTracks: ['door/s1/2'] }, gapMs)
      pause()
      const [last] = all()
      expect([last?.frames, Number(last?.untilMs) - Number(last?.fromMs)]).toEqual([1, lastsMs])
    }
  })

  it('is listed in the order in which it became known, even when a late join was there earlier', () => {
    const { send, visit, pause, looks, all, events } = site({ tentativeMs: 8000 })
    visit('door/s1/1', looks[0])
    pause()
    // Too little to be told at once, clearly most like the first one in the end.
    for (let i = 0; i < 2; i++) send({ 'door/s1/2': looks[1] }, i === 1 ? { endedTracks: ['door/s1/2'] } : {})
    const bo = visit('door/s1/3', looks[1])
    pause()
    const [newest] = all()
    expect(newest).toMatchObject({ person: bo, tracks: ['door/s1/2', 'door/s1/3'], frames: 22 })
    const knownAt = events.flatMap((event) => ('knownAtMs' in event.data ? [event.data.knownAtMs] : []))
    expect(knownAt).toEqual(knownAt.toSorted((a, b) => a - b))
  })
})

describe('attendance', () => {
  it('follows a merge, for sightings that ended long before too', () => {
    const { visit, pause, looks, act, engine, all, corrections, ended, flush } = site()
    const ada = visit('door/s1/1', looks[0])
    pause()
    flush()
    const bo = visit('door/s1/2', looks[1])
    pause()
    flush()
    act((now) => engine.merge(ada, bo, now, { force: true }))
    expect(corrections().map(({ data }) => data)).toMatchObject([
      { sighting: 'door/s1/2/32', before: bo, person: ada, why: 'merged', ended: true, frames: 20 },
    ])
    expect(all().map(({ person }) => person)).toEqual([ada, ada])
    expect(ended().map(({ person }) => person)).toEqual([ada, ada])
  })

  it('continues through a merge of a person who is present', () => {
    const { visit, send, looks, act, engine, events, all } = site()
    const ada = visit('door/s1/1', looks[0])
    const bo = engine.resolve('')
    for (let i = 0; i < 10; i++) send({ 'door/s1/2': looks[1] })
    const other = all().find(({ person }) => person !== ada)?.person ?? bo
    act((now) => engine.merge(ada, other, now, { force: true }))
    for (let i = 0; i < 4; i++) send({ 'door/s1/2': looks[1] })
    expect(events.filter(({ type }) => type === 'rollcall.sighting.ended.v1')).toEqual([])
    expect(all()).toMatchObject([
      { person: ada, frames: 14, ended: false },
      { person: ada, frames: 20, ended: false },
    ])
  })

  it('is deleted with its person, and nothing of it is saved', () => {
    const { visit, pause, looks, act, engine, all, table, ended, find } = site()
    const ada = visit('door/s1/1', looks[0])
    const bo = visit('door/s1/2', looks[1])
    pause()
    act((now) => engine.remove(ada, now))
    expect(all().map(({ person }) => person)).toEqual([bo])
    expect(ended().map(({ person }) => person)).toEqual([bo])
    expect(table.ofTracks(['door/s1/1'])).toEqual([])
    expect(() => find({ person: ada, limit: 10 })).toThrow(expect.objectContaining({ code: 'PERSON_UNKNOWN' }))
  })
})

test('a consumer builds from the events what the table has', () => {
  const act = fc.record({
    kind: fc.constantFrom('merge', 'split', 'unmerge', 'remove', 'flush'),
    at: fc.nat(),
    a: fc.nat(),
    b: fc.nat(),
  })
  fc.assert(
    fc.property(traffic, fc.array(act, { maxLength: 8 }), (messages, acts) => {
      const archive = archiveInMemory()
      const options = identityOptions.parse({ reclusterMs: 1000, windowMs: 3000 })
      const engine = createIdentity(options, { archive })
      const events: RollcallEvent[] = []
      for (const [i, message] of messages.entries()) {
        events.push(...('faces' in message ? engine.update(message.faces) : engine.change(message.change)))
        for (const { kind, at, a, b } of acts) {
          if (at % messages.length !== i) continue
          const ids = engine.people().map(({ id }) => id)
          const former = ids.flatMap((id) => engine.idsOf(id).slice(1))
          const [one, other] = [ids[a % ids.length] ?? '', ids[b % ids.length] ?? '']
          try {
            if (kind === 'merge') events.push(...engine.merge(one, other, 1e12, { force: true }))
            if (kind === 'unmerge') events.push(...engine.unmerge(former[a % former.length] ?? '', 1e12))
            if (kind === 'split') events.push(...engine.split(one, 1e12))
            if (kind === 'remove') events.push(...engine.remove(one, 1e12))
          } catch {
            // Refused: nothing has happened.
          }
          if (kind === 'flush') archive.apply(engine.takeChange())
        }
      }
      events.push(...engine.finish())
      const flush = () => archive.apply(engine.takeChange())
      const find = findSightingsIn({
        table: archive.sightings,
        idsOf: (id) => engine.idsOf(id),
        resolve: (id) => engine.resolve(id),
        flush,
      })
      const { sightings } = find({ limit: 1000 })
      const byId = <One extends { sighting?: string }>(all: readonly One[]) =>
        all.toSorted((a, b) => ((a.sighting ?? '') < (b.sighting ?? '') ? -1 : 1))
      expect(byId([...attendanceFrom(events).values()])).toEqual(byId(sightings))
    }),
    { numRuns: 150, endOnFailure: true },
  )
}, 120_000)
