import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { embedder, temporaryDirectory } from './store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './support/faces.ts'

const random = randomFrom(31)
const [ada, bo, cy] = [direction(random), direction(random), direction(random)]
/** Below `confirmQuality`, above `minQuality`: nobody is founded of it. */
const dim = 0.2

type Shown = Readonly<Record<string, { readonly look: Float32Array; readonly quality: number }>>

/** One camera that analyses four pictures a second. */
const watching = (engine: Identity) => {
  const noise = randomFrom(7)
  let frame = 0
  const send = (shown: Shown, endedTracks: readonly string[] = []): RollcallEvent[] => {
    frame++
    const faces = Object.entries(shown).map(([track, { look, quality }], i) =>
      faceOf(track, near(look, 0.3, noise), quality, 0.1 + i / 5),
    )
    return engine.update(facesAt(250 * frame, frame, faces, { endedTracks }))
  }
  return {
    /** Shows them for some frames, and returns all that is told. */
    show: (shown: Shown, frames: number) => Array.from({ length: frames }, () => send(shown)).flat(),
    end: (...tracks: string[]) => send({}, tracks),
    /** So many seconds of nobody. */
    wait: (seconds: number) => {
      frame += 4 * seconds
      return send({})
    },
  }
}

const poorly = (look: Float32Array) => ({ look, quality: dim })
const well = (look: Float32Array) => ({ look, quality: 0.9 })
const named = (events: readonly RollcallEvent[]) =>
  events.flatMap((event) => (event.type === 'rollcall.track.provisional.v1' ? [event.data] : []))
const assigned = (events: readonly RollcallEvent[]) =>
  events.flatMap((event) => (event.type === 'rollcall.track.assigned.v1' ? [event.data] : []))
/** What the last frame with this track calls it. */
const lastOf = (events: readonly RollcallEvent[], track: string) =>
  events
    .flatMap((event) => (event.type === 'rollcall.frame.v1' ? event.data.faces : []))
    .findLast((face) => face.track === track)
const fresh = () => {
  const engine = createIdentity(identityOptions.parse({}))
  return { engine, ...watching(engine) }
}

describe('somebody of whom only poor looks come', () => {
  it('is named provisionally after three seconds, once, and is nobody of the people', () => {
    const { engine, show } = fresh()
    expect(named(show({ a: poorly(ada) }, 11))).toEqual([])
    const events = show({ a: poorly(ada) }, 40)
    const [{ provisional, ...told } = { provisional: '' }, ...others] = named(events)
    expect(provisional).toMatch(/^u-[a-z2-7]{10}$/)
    expect(told).toEqual({ track: 'a', camera: 'door', looks: 13, quality: dim, sequence: 1 })
    expect(others).toEqual([])
    expect(lastOf(events, 'a')).toMatchObject({ person: null, provisional })
    expect(engine.people()).toEqual([])
    expect(events.map(({ type }) => type).filter((type) => /person|sighting|assigned/.test(type))).toEqual([])
  })

  it('is a person by the first clear looks', () => {
    const { engine, show } = fresh()
    const [{ provisional } = { provisional: '' }] = named(show({ a: poorly(ada) }, 16))
    const events = show({ a: well(ada) }, 4)
    expect(assigned(events)).toMatchObject([{ track: 'a', reason: 'created', provisional }])
    expect(lastOf(events, 'a')).not.toHaveProperty('provisional')
    expect(engine.people()).toMatchObject([{ id: assigned(events)[0]?.person, tracks: 1 }])
  })

  it('is the person who is known, as soon as it shows who it is, or when that person comes again', () => {
    const { engine, show, end } = fresh()
    const between = near(ada, 2, random)
    const [{ person } = { person: '' }] = assigned(show({ known: well(ada) }, 6))
    end('known')
    const [{ provisional } = { provisional: '' }] = named(show({ a: poorly(between) }, 16))
    expect(assigned(show({ a: well(ada) }, 6))).toMatchObject([{ person, reason: 'joined', provisional }])
    expect(engine.people()).toHaveLength(1)
  })

  it('is found to be somebody after it has gone', () => {
    const { show, end, wait } = fresh()
    const [{ provisional } = { provisional: '' }] = named(show({ a: poorly(ada) }, 16))
    end('a')
    wait(300)
    expect(assigned(show({ b: well(ada) }, 6))).toMatchObject([{ track: 'b' }, { track: 'a', provisional }])
  })

  it('keeps its name on the next track of the camera, which nobody else gets', () => {
    const { show, end } = fresh()
    const [{ provisional } = { provisional: '' }] = named(show({ a: poorly(ada) }, 16))
    end('a')
    const both = named(show({ b: poorly(bo), c: poorly(ada) }, 20))
    expect(both.map(({ track }) => track).toSorted()).toEqual(['b', 'c'])
    expect(both.find(({ track }) => track === 'c')?.provisional).toBe(provisional)
    expect(both.find(({ track }) => track === 'b')?.provisional).not.toBe(provisional)
  })

  it('never has the name of another who is there at the same time', () => {
    const { show, end } = fresh()
    show({ a: poorly(cy) }, 16)
    end('a')
    const names = named(show({ b: poorly(cy), c: poorly(cy) }, 20)).map(({ provisional }) => provisional)
    expect(new Set(names).size).toBe(2)
  })

  it('attracts nobody', () => {
    const { engine, show } = fresh()
    show({ a: poorly(ada) }, 16)
    const [{ person, candidate } = { person: '', candidate: null }] = assigned(
      show({ a: poorly(ada), b: well(near(ada, 0.8, random)) }, 6),
    )
    expect(candidate).toBeNull()
    expect(engine.people().map(({ id }) => id)).toEqual([person])
  })

  it('has the same name after a restart, and is told once', () => {
    const directory = temporaryDirectory()
    const store = openStore(directory, { embedder })
    const before = createIdentity(identityOptions.parse({}), { archive: store })
    const camera = watching(before)
    const [{ provisional } = { provisional: '' }] = named(camera.show({ a: poorly(ada) }, 16))
    camera.end('a')
    store.commit(before.takeChange())
    const after = createIdentity(identityOptions.parse({}), { archive: store, saved: store.saved() })
    const again = watching(after)
    again.wait(30)
    expect(named(again.show({ b: poorly(ada) }, 16)).map((one) => one.provisional)).toEqual([provisional])
    store.close()
  })

  it('is not mentioned any more when whoever it was is deleted', () => {
    const store = openStore(temporaryDirectory(), { embedder })
    const engine = createIdentity(identityOptions.parse({}), { archive: store })
    const { show } = watching(engine)
    const [{ provisional } = { provisional: '' }] = named(show({ a: poorly(ada) }, 16))
    const [{ person } = { person: '' }] = assigned(show({ a: well(ada) }, 4))
    store.commit(engine.takeChange())
    const mentions = () => store.unpublished().filter((event) => JSON.stringify(event).includes(provisional)).length
    expect(mentions()).toBe(2)
    engine.remove(person, 10_000)
    store.commit(engine.takeChange())
    expect(mentions()).toBe(0)
    store.close()
  })

  it.each([
    ['too few looks', { unknown: 'keep' }, poorly(ada), 11],
    ['where the unknown are ignored', { unknown: 'ignore' }, poorly(ada), 60],
    ['by looks that are ignored', { unknown: 'keep' }, { look: ada, quality: 0.1 }, 60],
  ] as const)('is not named %s', (_, options, shown, frames) => {
    expect(named(watching(createIdentity(identityOptions.parse(options))).show({ a: shown }, frames))).toEqual([])
  })
})
