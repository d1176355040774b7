import { describe, expect, it } from 'vitest'
import { identityOptions } from '../../src/identity/options.ts'
import { comparisonOn } from '../../src/identity/people/evidence.ts'
import { finalIds } from '../../src/recognition/final-ids.ts'
import { createLiveIds } from '../../src/recognition/live-ids.ts'
import { relabelTracks } from '../../src/recognition/relabel.ts'
import { createTracks, type TracksSeen } from '../../src/recognition/whole-tracks.ts'
import type { Face, Faces } from '../../src/types.ts'
import { at, place, seenOf, trackOf } from './tracks.ts'

const identity = identityOptions.parse({})
const relabelled = (seen: TracksSeen, live: Readonly<Record<string, string>> = {}) =>
  relabelTracks(seen, {
    compare: comparisonOn({ scale: 1, offset: 0 }),
    identity,
    threshold: 0.55,
    personOf: (track) => live[track] ?? null,
  }).map((person) => person.map((i) => seen.tracks[i]?.track).join(' '))

describe('relabelTracks', () => {
  it('makes people one whom the engine left apart, and gives a track of nobody a person', () => {
    const tracks = [trackOf('a', 0), trackOf('b', 20), trackOf('c', 100), trackOf('d', 95)]
    expect(relabelled(seenOf(tracks), { a: 'p-1', b: 'p-2', c: 'p-3' })).toEqual(['a b', 'c d'])
    expect(relabelled(seenOf(tracks))).toEqual(['a b', 'c d'])
  })

  it('never takes two who were seen together for one, nor those with whom one of them is', () => {
    const tracks = [trackOf('a', 0), trackOf('b', 2), trackOf('c', 4)]
    expect(relabelled(seenOf(tracks, { 'a b': 3 }))).toEqual(['a', 'b c'])
    // Two frames together may be a swap of the tracker.
    expect(relabelled(seenOf(tracks, { 'a b': 2 }))).toEqual(['a b c'])
  })

  it('keeps what the engine has joined', () => {
    expect(relabelled(seenOf([trackOf('a', 0), trackOf('b', 80)]), { a: 'p-1', b: 'p-1' })).toEqual(['a b'])
  })

  it('makes nobody of what shows too little', () => {
    const poor = trackOf('a', 0, { goodFaces: 1, weight: 0.3, known: { mean: at(0), evidence: 0.3 } })
    expect(relabelled(seenOf([poor, trackOf('b', null)]))).toEqual([])
    expect(relabelled(seenOf([poor]), { a: 'p-1' })).toEqual(['a'])
  })

  it('lets a poor track join whom it is clearly most like only', () => {
    const poor = trackOf('poor', 10, { weight: 0.05, goodFaces: 4, known: { mean: at(10), evidence: 0.08 } })
    expect(relabelled(seenOf([trackOf('a', 0), trackOf('b', 100), poor]))).toEqual(['a poor', 'b'])
    expect(relabelled(seenOf([trackOf('a', -32), trackOf('b', 52), poor]))).toEqual(['a', 'b'])
  })

  it('gives a track without a good face the person whose track goes on, over several', () => {
    const far = trackOf('far', null, { first: place(0, 0.1), last: place(2, 0.2) })
    const farther = trackOf('farther', null, { first: place(3, 0.25), last: place(5, 0.35) })
    const near = trackOf('near', 0, { first: place(6, 0.4), last: place(9, 0.6) })
    expect(relabelled(seenOf([far, farther, near]))).toEqual(['near farther far'])
    expect(relabelled(seenOf([far, farther, near], { 'far near': 3 }))).toEqual(['near farther'])
  })
})

describe('finalIds', () => {
  const tracks = [trackOf('a', 0, { frames: 10 }), trackOf('b', 0, { frames: 30 }), trackOf('c', 0), trackOf('d', 0)]
  const ids = (clusters: number[][], live: Readonly<Record<string, string>>, taken: readonly string[] = []) =>
    Object.fromEntries(
      finalIds(clusters, tracks, {
        personOf: (track) => live[track] ?? null,
        isTaken: (person) => taken.includes(person),
      }),
    )

  it('keeps the ID that most frames had', () => {
    expect(ids([[0, 1]], { a: 'p-1', b: 'p-2' })).toEqual({ a: 'p-2', b: 'p-2' })
  })

  it('gives an ID once only, and a new one that nobody had', () => {
    const { a, b } = ids([[0], [1]], { a: 'p-1', b: 'p-1' })
    expect(b).toBe('p-1')
    expect(a).toMatch(/^p-[a-z2-7]{10}$/)
    expect(ids([[0], [1]], { a: 'p-1', b: 'p-1' }, [a ?? '']).a).not.toBe(a)
  })
})

describe('createTracks', () => {
  const face = (track: string, degrees: number | null, overall = 0.8): Face => ({
    track,
    ...place(0, 0.2),
    landmarks: [0, 0, 0, 0, 0].map(() => ({ x: 0, y: 0 })) as unknown as Face['landmarks'],
    score: 0.9,
    ...(degrees !== null && { embedding: at(degrees), quality: { overall, sizePx: 80, sharpness: 1, yaw: 0 } }),
  })
  const frame = (capturedAtMs: number, faces: readonly Face[], endedTracks: readonly string[] = []): Faces => ({
    camera: 'door',
    stream: 's',
    seq: capturedAtMs / 40,
    ptsUs: capturedAtMs * 1000,
    capturedAtMs,
    clock: 'file',
    width: 1280,
    height: 720,
    faces,
    endedTracks,
  })

  it('gathers what a track shows, who was seen together, and what a cut ended', () => {
    const tracks = createTracks(0.15)
    tracks.saw(frame(0, [face('a', 0), face('b', null)]))
    tracks.saw(frame(40, [face('a', 10), face('b', 90, 0.1)]))
    tracks.saw(frame(80, [face('a', null)]))
    tracks.saw(frame(120, [], ['a']))
    tracks.saw(frame(1600, [], ['b']))
    const { tracks: seen, together } = tracks.seen()
    expect(seen).toMatchObject([
      { track: 'a', frames: 3, goodFaces: 2, goodMs: 40, isCutOff: true, last: { atMs: 80 } },
      { track: 'b', frames: 2, goodFaces: 0, known: null, isCutOff: false, last: { atMs: 40 } },
    ])
    expect(seen[0]?.known?.mean[1]).toBeCloseTo(Math.sin((5 * Math.PI) / 180), 4)
    expect([together(0).get(1), together(1).get(0), together(0).get(0)]).toEqual([2, 2, undefined])
  })
})

describe('createLiveIds', () => {
  it('says whose a track is after all merges', () => {
    const live = createLiveIds()
    const event = (type: string, data: object) => ({ type: `rollcall.${type}.v1`, data }) as never
    live.saw([event('person.created', { person: 'p-1' }), event('track.assigned', { track: 'a', person: 'p-1' })])
    live.saw([event('person.created', { person: 'p-2' }), event('person.merged', { person: 'p-1', into: 'p-2' })])
    expect([live.personOf('a'), live.personOf('b'), live.isTaken('p-1'), live.people()]).toEqual(['p-2', null, true, 1])
  })
})
