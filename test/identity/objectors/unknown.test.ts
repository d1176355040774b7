import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { scene } from '../support/scene.ts'

/** How many unknown faces the frames count. */
const counted = (events: readonly RollcallEvent[]): number =>
  events.reduce((sum, { type, data }) => sum + (type === 'rollcall.frame.v1' ? (data.unknown ?? 0) : 0), 0)

const named = (events: readonly RollcallEvent[]): string[] =>
  ['t1', 't2', 't3'].filter((track) => JSON.stringify(events).includes(JSON.stringify(track)))

/** Ada is enrolled, and only those with a name are told of. */
const onlyAda = () => {
  const one = scene({ unknown: 'ignore', unassignedDays: 7 })
  one.engine().enroll('Ada', [{ embedding: one.looks.ada, quality: 0.9 }], one.atMs())
  one.save()
  return one
}

describe('where the unknown are ignored', () => {
  it('only those with a name are told of; the others are counted, and nothing of them is kept', () => {
    const { looks, show, engine, alikeOnDisk, store, wait } = onlyAda()
    const events = show(40, { t1: looks.ada, t2: looks.bo }, ['t2'])
    expect(named(events)).toEqual(['t1'])
    expect(counted(events)).toBeGreaterThanOrEqual(40)
    expect(engine().people()).toMatchObject([{ name: 'Ada' }])
    expect(alikeOnDisk(looks.ada)).toBeGreaterThan(0.9)
    expect(alikeOnDisk(looks.bo)).toBeLessThan(0.5)
    wait(65_000)
    show(1, { t3: looks.cy }, ['t3'])
    expect(store.unassigned.page({ fromMs: 0, after: 0, limit: 10 }).tracks).toEqual([])
  })

  it('pictures are kept of tracks that are somebody’s only', () => {
    const { looks, show, engine } = onlyAda()
    show(5, { t1: looks.ada, t2: looks.bo })
    expect(['t1', 't2', 't3'].map((track) => engine().isDropped('door', track))).toEqual([false, true, true])
  })

  it('whoever was known without a name is deleted, and what was saved of tracks that were nobody’s goes', () => {
    const one = scene()
    one.engine().enroll('Ada', [{ embedding: one.looks.ada, quality: 0.9 }], one.atMs())
    const bo = one.personOf(one.show(20, { t2: one.looks.bo }, ['t2']), 't2')
    one.show(1, { t3: one.looks.cy })
    expect(one.alikeOnDisk(one.looks.cy)).toBeGreaterThan(0.5)
    one.restart({ unknown: 'ignore' })
    one.save()
    expect(one.alikeOnDisk(one.looks.cy)).toBeLessThan(0.5)
    one.wait(6000)
    const events = one.show(10, { t1: one.looks.bo })
    expect(named(events)).not.toContain('t1')
    expect(events.filter(({ type }) => type === 'rollcall.person.deleted.v1')).toMatchObject([{ subject: bo }])
    expect(one.alikeOnDisk(one.looks.bo)).toBeLessThan(0.5)
    expect(one.engine().people()).toMatchObject([{ name: 'Ada' }])
  })

  it('whoever turns out to be nobody is kept no longer, and the state can be opened again', () => {
    const { looks, show, restart, engine, save, atMs } = onlyAda()
    engine().enroll('Bo', [{ embedding: looks.bo, quality: 0.9 }], atMs())
    show(20, { t1: looks.ada, t2: looks.bo })
    // Bo's track shows somebody else, and is nobody's any more.
    show(60, { t2: looks.cy })
    save()
    restart()
    expect(named(show(2, { t1: looks.ada }))).toEqual(['t1'])
  })

  it('whose name is taken away is unknown', () => {
    const { looks, show, engine, atMs, wait, personOf } = onlyAda()
    const ada = personOf(show(5, { t1: looks.ada }, ['t1']), 't1')
    engine().name(ada, null, atMs())
    wait(6000)
    show(1, { t2: looks.bo })
    expect(engine().people()).toEqual([])
  })
})
