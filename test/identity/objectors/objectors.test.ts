import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { near, randomFrom } from '../support/faces.ts'
import { scene } from '../support/scene.ts'

/** The tracks, boxes and IDs that events name of a track; `blur` apart. */
const mentions = (events: readonly RollcallEvent[], track: string): RollcallEvent[] =>
  events.filter((event) => JSON.stringify(event).includes(JSON.stringify(track)))

const blurred = (events: readonly RollcallEvent[]): number =>
  events.reduce((sum, { type, data }) => sum + (type === 'rollcall.frame.v1' ? (data.blur?.length ?? 0) : 0), 0)

describe('somebody who objects', () => {
  it('is deleted, and dropped from the next face on: no event names the track, the frame says where to blur', () => {
    const { looks, show, personOf, object, engine } = scene()
    const before = show(20, { t1: looks.ada, t2: looks.bo })
    const [ada, bo] = [personOf(before, 't1'), personOf(before, 't2')]
    expect(object(ada)).toMatchObject([
      { type: 'rollcall.sighting.ended.v1' },
      { type: 'rollcall.person.deleted.v1', data: { person: ada } },
    ])
    const after = [...show(20, { t1: looks.ada, t2: looks.bo }, ['t1', 't2']), ...show(20, { t3: looks.ada })]
    expect(mentions(after, 't1')).toEqual([])
    expect(mentions(after, 't3')).toEqual([])
    expect(mentions(after, 't2').length).toBeGreaterThan(10)
    expect(blurred(after)).toBe(40)
    expect(engine().people()).toMatchObject([{ id: bo }])
    expect(engine().objectors()).toMatchObject([{ id: 'o-1', how: 'person', note: null }])
  })

  it('by a photo is whoever is known by that look, and whoever comes later', () => {
    const one = scene()
    const before = one.show(20, { t1: one.looks.ada }, ['t1'])
    const ada = one.personOf(before, 't1')
    const events = one.object(near(one.looks.ada, 0.3, randomFrom(2)))
    expect(events.at(-1)).toMatchObject({ type: 'rollcall.person.deleted.v1', data: { person: ada } })
    const other = scene()
    expect(other.object(near(other.looks.cy, 0.3, randomFrom(2)))).toEqual([])
    expect(blurred(other.show(10, { t1: other.looks.cy }))).toBe(10)
    expect(other.engine().people()).toEqual([])
  })

  it('stays one after a restart, and can be recognised again once it is taken back', () => {
    const { looks, show, object, restart, engine, personOf, save } = scene()
    object(looks.ada)
    restart()
    const during = show(10, { t1: looks.ada })
    expect(mentions(during, 't1')).toEqual([])
    engine().revoke('o-1')
    save()
    restart()
    expect(engine().objectors()).toEqual([])
    expect(personOf(show(10, { t1: looks.ada }), 't1')).toMatch(/^p-/)
    expect(() => engine().revoke('o-1')).toThrow(expect.objectContaining({ code: 'PERSON_UNKNOWN' }))
  })

  it('cannot be enrolled, nor imported', () => {
    const { looks, object, engine, show, atMs } = scene()
    show(20, { t1: looks.ada }, ['t1'])
    const exported = engine().exportPeople()
    object(looks.ada)
    const enroll = () => engine().enroll('Ada', [{ embedding: looks.ada, quality: 0.8 }], atMs())
    const refused = expect.objectContaining({ code: 'PERSON_CONFLICT', message: expect.stringContaining('objected') })
    expect(enroll).toThrow(refused)
    const renamed = exported.map((person) => ({ ...person, id: 'p-other', aliases: [] }))
    expect(() => engine().importPeople(renamed, atMs())).toThrow(refused)
    expect(engine().people()).toEqual([])
  })

  it('needs something to be recognised by', () => {
    const { engine, atMs } = scene()
    const object = () => engine().object({ id: 'o-1', person: null, faces: [], note: null, code: '' }, atMs())
    expect(object).toThrow(expect.objectContaining({ code: 'PERSON_CONFLICT' }))
  })

  it('takes nobody who is known and more alike, and lets go of a track that turns out to be somebody else', () => {
    const { looks, show, object, engine, personOf } = scene()
    const like = near(looks.ada, 1, randomFrom(4))
    const before = show(20, { t0: looks.ada, t1: like }, ['t0', 't1'])
    const bo = personOf(before, 't1')
    engine().name(bo, 'Bo', 0)
    object(personOf(before, 't0'))
    expect(personOf(show(5, { t2: like }, ['t2']), 't2')).toBe(bo)
    // One face of the objector, then somebody else on the same track.
    expect(blurred(show(1, { t3: looks.ada }))).toBe(1)
    expect(personOf(show(40, { t3: looks.cy }), 't3')).toMatch(/^p-/)
  })
})

describe('of an objector nothing is left', () => {
  it('on disk but the template: no look of the deleted person, of tracks in view, nor of those that were nobody’s', () => {
    const { looks, show, object, personOf, alikeBesideObjectors, store } = scene({ unassignedDays: 7 })
    const ada = personOf(show(20, { t1: looks.ada, t2: looks.bo }), 't1')
    show(2, { t4: looks.ada, t2: looks.bo }, ['t4'])
    expect(alikeBesideObjectors(looks.ada)).toBeGreaterThan(0.9)
    object(ada)
    expect(alikeBesideObjectors(looks.ada)).toBeLessThan(0.5)
    show(20, { t1: looks.ada, t5: looks.ada, t2: looks.bo }, ['t1', 't5'])
    expect(alikeBesideObjectors(looks.ada)).toBeLessThan(0.5)
    expect(store.unassigned.page({ fromMs: 0, after: 0, limit: 10 }).tracks).toEqual([])
    expect(store.saved().objectors.map(({ id, looks: kept }) => [id, kept.length])).toEqual([['o-1', 2]])
  })

  it('on disk at all once it is taken back', () => {
    const { looks, show, object, engine, save, alikeOnDisk } = scene()
    show(5, { t2: looks.bo })
    object(looks.ada)
    expect(alikeOnDisk(looks.ada)).toBeGreaterThan(0.9)
    engine().revoke('o-1')
    save()
    expect(alikeOnDisk(looks.ada)).toBeLessThan(0.5)
  })

  it('under an ID that a split gives back: whoever comes off and looks like an objector goes', () => {
    const { looks, show, object, engine, personOf, wait } = scene({ exemplarShare: 0.1 })
    const ada = personOf(show(20, { t1: looks.ada }, ['t1']), 't1')
    wait(65_000)
    const visits = ['t2', 't3', 't4', 't5', 't6'].map((track) => {
      wait(65_000)
      return personOf(show(20, { [track]: looks.bo }, [track]), track)
    })
    const [bo = ''] = visits
    wait(65_000)
    show(1, { t9: looks.cy }, ['t9'])
    engine().name(bo, 'Bo', 0)
    engine().merge(ada, bo, 0, { force: true })
    object(looks.ada)
    // One of many looks of somebody else.
    expect(engine().people()).toHaveLength(1)
    engine().split(bo, 0)
    wait(6000)
    const events = show(1, { t8: looks.cy }, ['t8'])
    expect(events.filter(({ type }) => type === 'rollcall.person.deleted.v1')).toHaveLength(1)
    expect(engine().people()).toMatchObject([{ name: 'Bo' }])
  })
})
