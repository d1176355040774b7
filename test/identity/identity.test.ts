import { describe, expect, it } from 'vitest'
import { RollcallError } from '../../src/errors.ts'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { type IdentityOptions, identityOptions } from '../../src/identity/options.ts'
import type { Face, Faces } from '../../src/types.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './support/faces.ts'

const options = identityOptions.parse({})
const random = randomFrom(21)
const [ann, bob, cy] = [direction(random), direction(random), direction(random)]
const looking = (person: Float32Array) => near(person, 0.5, random)

/** One site whose frames come every 100 ms; `see` takes the tracks of a frame and who they look like. */
const site = (overrides: Partial<IdentityOptions> = {}) => {
  const engine = createIdentity(identityOptions.parse(overrides), { site: 'here' })
  const clock = new Map<string, { seq: number; atMs: number }>()
  const events: RollcallEvent[] = []
  const send = (faces: readonly Face[], more: Partial<Faces> = {}, skipMs = 100) => {
    const camera = more.camera ?? 'door'
    const last = clock.get(camera) ?? { seq: 0, atMs: 0 }
    const next = { seq: last.seq + 1, atMs: last.atMs + skipMs }
    clock.set(camera, next)
    const published = engine.update(facesAt(next.atMs, next.seq, faces, { camera, ...more }))
    events.push(...published)
    return published
  }
  const see = (tracks: Record<string, Float32Array>, frames = 6, more: Partial<Faces> = {}) => {
    let last: readonly FrameEvent['data']['faces'][number][] = []
    for (let i = 0; i < frames; i++) {
      const faces = Object.entries(tracks).map(([track, person], x) => faceOf(track, looking(person), 0.8, x / 5))
      last = send(faces, more).findLast(isFrame)?.data.faces ?? []
    }
    return last.map(({ person }) => person)
  }
  const end = (...endedTracks: string[]) => send([], { endedTracks })
  return { engine, events, send, see, end }
}
const isFrame = (event: RollcallEvent): event is FrameEvent => event.type === 'rollcall.frame.v1'
const types = (events: readonly RollcallEvent[]) => events.map(({ type }) => type.replace(/^rollcall\.|\.v1$/g, ''))

describe('createIdentity', () => {
  it('creates a person only when a track has shown enough evidence', () => {
    const { send, engine } = site()
    const frames = Array.from({ length: 5 }, () => send([faceOf('t', looking(ann))]).findLast(isFrame))
    expect(frames.map((frame) => frame?.data.faces[0]?.reason)).toEqual([
      'tentative',
      'tentative',
      'tentative',
      'created',
      'kept',
    ])
    expect(frames[2]?.data.faces[0]).toMatchObject({ person: null, candidate: null, threshold: options.join })
    expect(engine.people()).toMatchObject([{ tracks: 1, faces: 5, lastCamera: 'door', createdAtMs: 100 }])
  })

  it('names the nearest person of a created or tentative face, with cosine and score', () => {
    const { send, see, end, events } = site()
    const [first] = see({ a: ann })
    end('a')
    // Not enough yet to be compared with a threshold: told all the same.
    const waiting = send([faceOf('b', looking(bob), 0.2)]).find(isFrame)?.data.faces[0]
    expect(waiting).toMatchObject({ person: null, reason: 'tentative', candidate: { person: first } })
    see({ b: bob })
    const frames = events.filter(isFrame).flatMap(({ data }) => data.faces)
    const face = frames.find(({ track, reason }) => track === 'b' && reason === 'created')
    const made = events.findLast(({ type }) => type === 'rollcall.person.created.v1')
    expect(made?.data).toMatchObject({ candidate: { person: first }, threshold: options.create })
    expect(made?.data).toMatchObject({ candidate: face?.candidate })
    const { similarity = 9, score = 9 } = face?.candidate ?? {}
    expect(score).toBeLessThan(options.create)
    expect(Math.abs(similarity)).toBeLessThan(Math.abs(score))
  })

  it('publishes a cosine of at most 1 for two identical faces', () => {
    const { send, see, end, events } = site()
    see({ a: ann })
    end('a')
    for (let i = 0; i < 3; i++) send([faceOf('b', ann, 0.5)])
    const joined = events.filter(isFrame).flatMap(({ data }) => data.faces)
    const { similarity = 0, score = 0 } = joined.findLast(({ track }) => track === 'b')?.candidate ?? {}
    expect(similarity).toBeGreaterThan(0.9)
    expect(similarity).toBeLessThanOrEqual(1)
    expect(score).toBeGreaterThan(1)
  })

  it('keeps two frames of one millisecond in the order of their numbers', () => {
    const { send } = site()
    expect(types(send([faceOf('t', looking(ann))]))).toContain('frame')
    expect(types(send([faceOf('t', looking(ann))], {}, 0))).toContain('frame')
    expect(send([faceOf('t', looking(ann))], { seq: 1 }, 0)).toEqual([])
  })

  it('gives the reason for a missing ID: no embedding, or only poor ones', () => {
    const { send } = site()
    const reason = (face: Face) => send([face]).find(isFrame)?.data.faces[0]?.reason
    expect(reason(faceOf('t', null))).toBe('no-embedding')
    expect(reason(faceOf('t', looking(ann), 0.1))).toBe('low-quality')
    expect(reason(faceOf('t', looking(ann), 0.9))).toBe('tentative')
  })

  it('recognises a person on a new track, after a cut, on another camera, in a new stream', () => {
    const { see, end, engine } = site()
    const [id] = see({ 'a/1': ann })
    end('a/1')
    expect(see({ 'a/2': ann }, 1)).toEqual([id])
    expect(see({ 'b/1': ann }, 1, { camera: 'yard' })).toEqual([id])
    expect(see({ 'c/1': ann }, 1, { stream: 's2' })).toEqual([id])
    expect(engine.people()).toHaveLength(1)
  })

  it('never gives two tracks of one frame the same person, however alike', () => {
    const { see, send } = site()
    const [first, second] = see({ x: ann, y: ann })
    expect(first).not.toBeNull()
    expect(second).not.toBeNull()
    expect(first).not.toBe(second)
    // Nor does one take the other's place while that one is not seen.
    expect(send([faceOf('y', looking(ann))]).find(isFrame)?.data.faces[0]?.person).toBe(second)
  })

  it('keeps a track tentative that looks like the person of another track: they may have swapped', () => {
    const { see, send, end, engine } = site()
    const [first, second] = see({ a: ann, b: bob }, 12)
    end('b')
    // The tracker has given Ann's track to Bob, who is turned away, and Ann a new one.
    for (let i = 0; i < 8; i++)
      expect(send([faceOf('a', null), faceOf('c', looking(ann), 0.8, 0.5)]).find(isFrame)?.data.faces).toMatchObject([
        { person: first },
        { person: null, reason: 'ambiguous' },
      ])
    end('a')
    expect(see({ c: ann, d: bob })).toEqual([first, second])
    expect(engine.people()).toHaveLength(2)
  })

  it('counts co-occurrences from before a track had a person', () => {
    const { see, send } = site()
    const [first] = see({ x: ann })
    const beside = (frames: number) => {
      for (let i = 0; i < frames; i++) send([faceOf('x', looking(ann)), faceOf(`y${frames}`, null, 0, 0.5)])
      return see({ [`y${frames}`]: ann }, 6)
    }
    expect(beside(1)).toEqual([first])
    const [other] = beside(3)
    expect(other).not.toBeNull()
    expect(other).not.toBe(first)
  })

  it('ignores outliers: a hand over the face creates no person and moves no track', () => {
    const { see, send, engine } = site()
    const [id] = see({ t: ann })
    for (let i = 0; i < 3; i++) send([faceOf('t', direction(random), 0.8)])
    for (let i = 0; i < 20; i++) send([faceOf('blurred', direction(random), 0.1)])
    expect(see({ t: ann }, 1)).toEqual([id])
    expect(engine.people()).toHaveLength(1)
  })

  it('creates a person from two tracks that are too short alone', () => {
    const { see, end, engine } = site()
    expect(see({ 'a/1': bob }, 2)).toEqual([null])
    end('a/1')
    expect(see({ 'a/2': cy }, 2)).toEqual([null])
    expect(see({ 'a/3': bob }, 2)).not.toEqual([null])
    expect(engine.people()).toMatchObject([{ tracks: 2 }])
  })

  it('gives an expiring track to the person it is clearly most like', () => {
    const wait = (share: number, name: string | null = null) => {
      const { send, see, end, events, engine } = site()
      for (const visit of ['1', '2', '3']) {
        see({ [`a/${visit}`]: ann, [`b/${visit}`]: bob })
        end(`a/${visit}`, `b/${visit}`)
      }
      // Half turned away, towards Bob by the given share: too unlike for joining at once, too alike for somebody new.
      const turned = direction(random)
      const away = Math.sqrt(1 - 0.53 ** 2 - share ** 2)
      const look = ann.map((value, i) => 0.53 * value + share * (bob[i] ?? 0) + away * (turned[i] ?? 0))
      for (let i = 0; i < 5; i++) send([faceOf('half', near(look, 0.05, random), 0.9)])
      end('half')
      const [known] = engine.people()
      if (name !== null) engine.name(known?.id as string, name, 1)
      const assigned = () =>
        events.flatMap((event) => (event.type === 'rollcall.track.assigned.v1' ? [event.data] : [])).at(-1)
      expect(assigned()?.track).toBe('b/3')
      send([], {}, options.tentativeMs)
      const [first] = engine.people()
      return { last: assigned(), first: first?.id }
    }
    const { last, first } = wait(0)
    expect(last).toMatchObject({ track: 'half', person: first, threshold: options.create, reason: 'joined' })
    expect(last?.candidate).toMatchObject({ person: first, score: expect.any(Number) })
    expect(last?.candidate?.score).toBeLessThan(options.join)
    expect(wait(0.47).last?.track).toBe('b/3')
    expect(wait(0, 'Ann').last?.track).toBe('b/3')
  })

  it('takes a new stream of a camera as the end of its tracks', () => {
    const { see } = site()
    expect(see({ 'a/1': bob }, 2)).toEqual([null])
    expect(see({ 'b/1': bob }, 2, { stream: 's2' })).not.toEqual([null])
  })

  it('merges a person of one track with the person that track would join now, and names the threshold', () => {
    const { send, see, end, events } = site()
    // The second track turns half-way to what the first ones showed: enough to join, not to merge two people.
    const turned = direction(random)
    const at = (share: number) => ann.map((value, i) => Math.sqrt(1 - share ** 2) * value + share * (turned[i] ?? 0))
    for (let visit = 0; visit < 6; visit++) {
      see({ [`a/${visit}`]: ann })
      end(`a/${visit}`)
    }
    const [younger] = see({ 'b/1': turned })
    for (let i = 0; i < 90; i++) send([faceOf('b/1', near(at(0.65), 0.1, random), 0.9)])
    const merged = events.find(({ type }) => type === 'rollcall.person.merged.v1')
    expect(merged).toMatchObject({ data: { person: younger, threshold: options.join } })
    const { score } = (merged as Extract<RollcallEvent, { type: 'rollcall.person.merged.v1' }>).data
    expect(score).toBeGreaterThanOrEqual(options.join)
    expect(score).toBeLessThan(options.merge)
  })

  it('merges two people who have become alike: the older stays, the other becomes an alias', () => {
    const { send, see, end, events, engine } = site()
    const turned = direction(random)
    const mixed = (share: number) => ann.map((value, i) => (1 - share) * value + share * (turned[i] ?? 0))
    const [older] = see({ 'a/1': ann })
    end('a/1')
    const [younger] = see({ 'a/2': turned })
    expect(younger).not.toBe(older)
    // The second track turns its head to what the first one showed.
    for (let i = 1; i <= 60; i++) {
      const unit = mixed(Math.max(0, 1 - i / 10))
      send([faceOf('a/2', near(unit, 0.2, random), 0.9)])
    }
    const merged = events.find(({ type }) => type === 'rollcall.person.merged.v1')
    expect(merged).toMatchObject({ subject: younger, data: { person: younger, into: older } })
    expect(engine.resolve(younger as string)).toBe(older)
    expect(engine.people().map(({ id }) => id)).toEqual([older])
    const [first, ...others] = events.filter((event) => event.type === 'rollcall.sighting.corrected.v1')
    expect(first).toMatchObject({
      subject: older,
      data: { before: younger, person: older, why: 'merged', ended: false },
    })
    expect(others).toEqual([])
  })

  it('starts a sighting when the track began, and ends it when the person has been away', () => {
    const { see, send, events } = site()
    const [person] = see({ t: ann })
    for (let i = 0; i < 52; i++) send([])
    const sightings = events.filter(({ type }) => type.includes('sighting'))
    expect(sightings).toMatchObject([
      { type: 'rollcall.sighting.started.v1', subject: person, data: { person, camera: 'door', fromMs: 100 } },
      { type: 'rollcall.sighting.ended.v1', data: { fromMs: 100, untilMs: 700, frames: 6 } },
    ])
    expect(sightings.map(({ time }) => time)).toEqual(['1970-01-01T00:00:00.100Z', '1970-01-01T00:00:00.700Z'])
  })

  it('ends the sightings of a camera that is gone, and only those', () => {
    const { see, engine } = site()
    see({ t: ann })
    see({ u: bob }, 6, { camera: 'yard' })
    const change = { camera: 'door', state: 'offline', atMs: 900, reason: 'refused', retryInMs: 500 } as const
    const events = engine.change(change)
    expect(types(events)).toEqual(['sighting.ended', 'camera.offline'])
    expect(events[1]).toMatchObject({
      source: '/here/cameras/door',
      subject: 'door',
      partitionkey: 'door',
      data: change,
    })
    expect(types(engine.finish())).toEqual(['sighting.ended'])
  })

  it('keeps the sightings of a camera that this machine is too slow for', () => {
    const { see, engine } = site()
    see({ t: ann })
    const change = { camera: 'door', state: 'overloaded', atMs: 900, reason: 'late' } as const
    expect(types(engine.change(change))).toEqual(['camera.overloaded'])
    see({ t: ann })
    expect(types(engine.finish())).toEqual(['sighting.ended'])
  })

  it('leaves out frames without faces when asked to', () => {
    expect(types(site().send([]))).toEqual(['frame'])
    expect(types(site({ emptyFrames: false }).send([]))).toEqual([])
  })

  it('publishes CloudEvents that hold no embedding and no needless digits', () => {
    const { send } = site()
    const [event] = send([
      { ...faceOf('t', looking(ann), 1 / 3), score: 2 / 3, box: { x: 1 / 3, y: 0, width: 1 / 7, height: 1 } },
    ])
    expect(event).toMatchObject({
      specversion: '1.0',
      id: 'door/s1/1',
      source: '/here/cameras/door',
      datacontenttype: 'application/json',
      time: '1970-01-01T00:00:00.100Z',
      data: { faces: [{ score: 0.6667, quality: 0.3333, box: { x: 0.33333, width: 0.14286 } }] },
    })
    expect(JSON.stringify(event)).not.toContain('embedding')
  })

  it('refuses vectors of another embedder, and names the camera', () => {
    const { send, see } = site()
    see({ t: ann })
    const other = () => send([faceOf('t', direction(random, 512))])
    expect(other).toThrow(RollcallError)
    expect(other).toThrow(/camera "door": an embedding has 512 numbers, expected 128/)
    expect(see({ t: ann }, 1)).not.toEqual([null])
  })

  it('ignores embeddings that are no unit vectors', () => {
    const { send, engine } = site()
    for (const broken of [new Float32Array(128), new Float32Array(128).fill(Number.NaN), ann.map((v) => v * 3)])
      for (let i = 0; i < 10; i++) send([faceOf('t', broken)])
    expect(engine.people()).toEqual([])
  })

  it('names the nearest person even when a cannot-link rules it out', () => {
    const { see, events } = site()
    see({ a: ann }, 6)
    see({ a: ann, b: bob }, 6)
    const [, made] = events.filter(({ type }) => type === 'rollcall.person.created.v1')
    expect(made?.data).toMatchObject({ track: 'b', candidate: { person: expect.stringMatching(/^p-/) } })
  })
})
