import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { dot, unit } from '../../src/math/vector.ts'
import { embedder, temporaryDirectory } from './store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './support/faces.ts'

const minuteMs = 60_000
/** An hour is enough here. */
const options = identityOptions.parse({ waitMs: 60 * minuteMs })
const random = randomFrom(11)
const [ada, bo] = [direction(random), direction(random)]

/** One camera; `show` lets somebody pass at a minute of the day, in a track of this name, and returns what is told. */
const watching = (engine: Identity) => {
  const noise = randomFrom(5)
  const at = (minute: number, frame: number) => ({ atMs: minute * minuteMs + 200 * frame, seq: 1000 * minute + frame })
  const show = (track: string, minute: number, look: Float32Array, quality: number): RollcallEvent[] =>
    Array.from({ length: 6 }, (_, i) => {
      const { atMs, seq } = at(minute, i)
      const faces = i < 5 ? [faceOf(track, near(look, 0.3, noise), quality)] : []
      return engine.update(facesAt(atMs, seq, faces, { endedTracks: i === 5 ? [track] : [] }))
    }).flat()
  const pass = (minute: number): RollcallEvent[] => {
    const { atMs, seq } = at(minute, 0)
    return engine.update(facesAt(atMs, seq, []))
  }
  return { show, pass }
}

/** Whose the tracks are said to be, by track. */
const assigned = (events: readonly RollcallEvent[]): Record<string, string> =>
  Object.fromEntries(
    events.flatMap((event) =>
      event.type === 'rollcall.track.assigned.v1' ? [[event.data.track, event.data.person]] : [],
    ),
  )

describe('a first look that is too poor for an ID', () => {
  const lookAt = (minute: number, more: Partial<typeof options> = {}, next = ada) => {
    const engine = createIdentity({ ...options, ...more })
    const { show, pass } = watching(engine)
    expect(assigned(show('poor', 0, ada, 0.3))).toEqual({})
    return assigned([...pass(2), ...show('clear', minute, next, 0.9)])
  }

  it('gets the ID of its person, who is known later', () => {
    const told = lookAt(50)
    expect(Object.keys(told).toSorted()).toEqual(['clear', 'poor'])
    expect(told.poor).toBe(told.clear)
  })

  it.each([
    ['of somebody else', 50, {}, bo],
    ['after waitMs', 62, {}, ada],
    ['where nothing waits', 50, { waitMs: 0 }, ada],
  ] as const)('gets no ID %s', (_, minute, more, next) => {
    expect(Object.keys(lookAt(minute, more, next))).toEqual(['clear'])
  })

  it('gets in the end the ID of whom it is like, and ahead of everybody else, though not enough to join before', () => {
    const engine = createIdentity(options)
    const { show, pass } = watching(engine)
    const look = (share: number): Float32Array => {
      const other = direction(random)
      const along = dot(other, ada)
      const away = unit(other.map((value, i) => value - along * (ada[i] ?? 0))) ?? other
      return ada.map((value, i) => share * value + Math.sqrt(1 - share ** 2) * (away[i] ?? 0))
    }
    const told = show('clear', 0, ada, 0.9)
    show('other', 1, bo, 0.9)
    show('somewhat', 2, look(0.38), 0.3)
    show('hardly', 3, look(0.2), 0.3)
    expect(assigned([...pass(5), ...pass(60)])).toEqual({})
    expect(assigned(pass(63))).toEqual({ somewhat: assigned(told).clear })
  })

  it('gets it also where it was a clear one, between two who are one by then', () => {
    const engine = createIdentity(options)
    const { show, pass } = watching(engine)
    const between = unit(ada.map((value, i) => value + (bo[i] ?? 0))) as Float32Array
    const { one, other } = assigned([...show('one', 0, ada, 0.9), ...show('other', 1, bo, 0.9)])
    expect(assigned([...show('between', 2, between, 0.9), ...pass(5)])).toEqual({})
    engine.merge(`${one}`, `${other}`, 6 * minuteMs, { force: true })
    expect(assigned(pass(63))).toEqual({ between: one })
  })

  it('counts as a sighting at the time when it was', () => {
    const engine = createIdentity(options)
    const { show, pass } = watching(engine)
    show('poor', 0, ada, 0.3)
    pass(2)
    const started = show('clear', 50, ada, 0.9).flatMap((event) =>
      event.type === 'rollcall.sighting.started.v1' ? [event.data.fromMs] : [],
    )
    expect(started.toSorted((a, b) => a - b)[0]).toBe(0)
  })

  it('is found among the tracks of nobody until then, and a restart changes nothing', () => {
    const store = openStore(temporaryDirectory(), { embedder })
    const keeping = { ...options, unassignedDays: 7 }
    const nobodys = () => [...store.unassigned.all()].map(({ track }) => track)
    const engine = createIdentity(keeping, { archive: store })
    const first = watching(engine)
    first.show('poor', 0, ada, 0.3)
    first.pass(2)
    store.commit(engine.takeChange())
    expect(nobodys()).toEqual(['poor'])
    const again = createIdentity(keeping, { archive: store, saved: store.saved() })
    const [told, toldAgain] = [engine, again].map((each) => watching(each).show('clear', 50, ada, 0.9))
    expect(toldAgain).toEqual(told)
    expect(Object.keys(assigned(told as RollcallEvent[]))).toHaveLength(2)
    store.commit(again.takeChange())
    expect(nobodys()).toEqual([])
    store.close()
  })

  it('goes with a person who is deleted', () => {
    const engine = createIdentity({ ...options, join: 2 })
    const { show, pass } = watching(engine)
    show('poor', 0, ada, 0.3)
    pass(2)
    show('clear', 5, ada, 0.9)
    const waiting = () => engine.takeChange().live?.put.filter(({ kind }) => kind === 'tracklet').length
    pass(7)
    expect(waiting()).toBe(1)
    for (const { id } of engine.people()) engine.remove(id, 8 * minuteMs)
    expect(engine.takeChange().live?.gone).toContainEqual({ kind: 'tracklet', key: '1' })
  })
})
