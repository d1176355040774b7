import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trackerOptions } from '../../src/tracking/options.ts'
import { createTracker } from '../../src/tracking/tracker.ts'
import type { Detection } from '../../src/types.ts'
import { detectionAt, direction, near, randomFrom, stampAt } from '../identity/support/faces.ts'

const options = trackerOptions.parse({})
const open = (overrides: Partial<typeof options> = {}) => {
  const tracker = createTracker({ ...options, ...overrides }, 'door')
  let seq = 0
  /** What the next frame gives, in columns. */
  const see = (atMs: number, detections: readonly Detection[], cut = false, stream = 's1') => {
    const faces = tracker.update(stampAt(atMs, seq++, { stream }), detections, cut)
    const [tracks, shouldEmbed] = [faces.map(({ track }) => track), faces.map((face) => face.shouldEmbed)]
    return { faces, tracks, shouldEmbed, ended: tracker.takeEnded() }
  }
  const at = (atMs: number, xs: readonly number[], cut = false, stream = 's1') =>
    see(
      atMs,
      xs.map((x) => detectionAt(x)),
      cut,
      stream,
    )
  return { ...tracker, see, at }
}

describe('createTracker', () => {
  it('gives back each detection, in order, with its track', () => {
    const detections = [detectionAt(0.1), detectionAt(0.5)]
    const { faces } = open().see(0, detections)
    expect(faces).toEqual(detections.map((one, i) => ({ ...one, track: `door/s1/${i}`, shouldEmbed: false })))
  })

  it('keeps a face that moves on its track and names it camera/stream/number', () => {
    const tracker = open()
    for (let i = 0; i < 20; i++) expect(tracker.at(i * 40, [0.1 + i * 0.02]).tracks).toEqual(['door/s1/0'])
  })

  it('follows two faces that cross, by their motion', () => {
    const tracker = open()
    const first = tracker.at(0, [0.1, 0.5]).tracks
    let last = first
    for (let i = 1; i <= 20; i++) last = tracker.at(i * 40, [0.1 + i * 0.02, 0.5 - i * 0.02]).tracks
    expect(last).toEqual(first)
  })

  it('gives the same tracks at any frame rate down to one a second', () => {
    for (const stepMs of [20, 40, 100, 200, 500, 1000]) {
      const tracker = open()
      const seen = new Set<string>()
      for (let t = 0; t <= 4000; t += stepMs) for (const id of tracker.at(t, [0.1 + t * 0.00006]).tracks) seen.add(id)
      expect([stepMs, seen.size]).toEqual([stepMs, 1])
    }
  })

  it('follows faces through damaged frames, and wants no embedding of any', () => {
    const tracker = createTracker(options, 'door')
    const see = (i: number, damaged: boolean) => {
      const stamp = stampAt(i * 100, i, damaged ? { damaged: true } : {})
      return tracker.update(stamp, [detectionAt(0.3), detectionAt(0.32)], false)
    }
    const damaged = Array.from({ length: 30 }, (_, i) => see(i, true)).flat()
    expect(new Set(damaged.map(({ track }) => track))).toEqual(new Set(['door/s1/0', 'door/s1/1']))
    expect(damaged.filter(({ shouldEmbed }) => shouldEmbed)).toEqual([])
    expect(see(30, false).map(({ track, shouldEmbed }) => [track, shouldEmbed])).toEqual([
      ['door/s1/0', true],
      ['door/s1/1', true],
    ])
  })

  it('finds a face again within maxAgeMs, and not after it', () => {
    const seen = (gapMs: number) => {
      const tracker = open()
      for (let t = 0; t <= 200; t += 40) tracker.at(t, [0.3])
      return tracker.at(200 + gapMs, [0.3])
    }
    expect(seen(options.maxAgeMs)).toMatchObject({ tracks: ['door/s1/0'], ended: [] })
    expect(seen(options.maxAgeMs + 1)).toMatchObject({ tracks: ['door/s1/1'], ended: ['door/s1/0'] })
  })

  it('forgets a single false alarm sooner', () => {
    const tracker = open()
    tracker.at(0, [0.3])
    for (let t = 40; t <= options.unconfirmedAgeMs; t += 40) expect(tracker.at(t, []).ended).toEqual([])
    expect(tracker.at(options.unconfirmedAgeMs + 1, []).ended).toEqual(['door/s1/0'])
  })

  it('ends every track at a cut, though the next face is on the same spot', () => {
    const tracker = open()
    tracker.at(0, [0.3, 0.6])
    expect(tracker.at(40, [0.3], true)).toMatchObject({ tracks: ['door/s1/2'], ended: ['door/s1/0', 'door/s1/1'] })
  })

  it('ends every track when the stream is a new one, whose clock may be behind', () => {
    const tracker = open()
    tracker.at(50_000, [0.3])
    expect(tracker.at(10, [0.3], false, 's2')).toMatchObject({ tracks: ['door/s2/1'], ended: ['door/s1/0'] })
    expect(tracker.at(50, [0.3], false, 's2').tracks).toEqual(['door/s2/1'])
  })

  it('does not jump to a face elsewhere, or to one of another size on the same spot', () => {
    const tracker = open()
    tracker.at(0, [0.1])
    tracker.at(40, [0.1])
    expect(tracker.at(80, [0.3]).tracks).toEqual(['door/s1/1'])
    expect(tracker.see(120, [detectionAt(0.05, 0.35, 0.3)]).tracks).toEqual(['door/s1/2'])
  })

  it('uses embeddings that detections already carry', () => {
    const random = randomFrom(3)
    const [ann, bob] = [direction(random), direction(random)]
    const tracker = open()
    // Both stand so close that place alone would keep the order in which they are now found.
    const frame = (t: number, people: readonly Float32Array[]) =>
      tracker.see(
        t,
        people.map((embedding, i) => ({ ...detectionAt(0.3 + 0.02 * i), embedding })),
      ).tracks
    const [a, b] = frame(0, [ann, bob])
    for (const [id, embedding] of [
      [a, ann],
      [b, bob],
    ] as const)
      tracker.embedded(id as string, embedding, { overall: 0.9 })
    expect(frame(40, [bob, ann])).toEqual([b, a])
  })

  it('reports each track once as ended, and all that began have ended after a cut', () => {
    const steps = fc.array(
      fc.record({
        gapMs: fc.integer({ min: 0, max: 2500 }),
        xs: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        cut: fc.boolean(),
        stream: fc.constantFrom('s1', 's1', 's1', 's2'),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(steps, (frames) => {
        const tracker = open()
        const begun = new Set<string>()
        const ended: string[] = []
        let t = 0
        for (const { gapMs, xs, cut, stream } of frames) {
          const result = tracker.at((t += gapMs), xs, cut, stream)
          expect(new Set(result.tracks).size).toBe(xs.length)
          expect(result.shouldEmbed).toHaveLength(xs.length)
          ended.push(...result.ended)
          for (const id of result.tracks) {
            expect(ended).not.toContain(id)
            begun.add(id)
          }
        }
        ended.push(...tracker.at(t, [], true).ended)
        expect(ended.toSorted()).toEqual([...begun].toSorted())
      }),
    )
  })
})

describe('the schedule of embeddings', () => {
  const run = (ms: number, quality: number, stepMs = 40): number[] => {
    const tracker = open()
    const random = randomFrom(5)
    const face = direction(random)
    const wanted: number[] = []
    for (let t = 0; t <= ms; t += stepMs) {
      const { tracks, shouldEmbed } = tracker.at(t, [0.3])
      if (!shouldEmbed[0]) continue
      wanted.push(t)
      tracker.embedded(tracks[0] as string, near(face, 0.3, random), { overall: quality })
    }
    return wanted
  }

  it('asks for the first ones soon and apart, then once in dueMs', () => {
    const wanted = run(10_000, 0.8)
    expect(wanted[0]).toBe(40)
    expect(wanted.filter((t) => t <= 1000)).toHaveLength(options.firstEmbeddings)
    const gaps = wanted.slice(1).map((t, i) => t - (wanted[i] as number))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(options.firstGapMs)
    expect(wanted.length).toBeLessThan(options.firstEmbeddings + 10)
    expect(wanted.length).toBeGreaterThan(options.firstEmbeddings + 7)
  })

  it('asks for the first face already where frames are rare', () => {
    expect(run(2000, 0.8, 200).slice(0, 3)).toEqual([200, 400, 600])
    const tracker = open()
    tracker.at(0, [])
    expect(tracker.at(200, [0.3]).shouldEmbed).toEqual([true])
  })

  it('tries longer when they come back poor, but not for ever', () => {
    expect(run(2000, 0.05).length).toBeGreaterThan(run(2000, 0.8).length)
    expect(run(60_000, 0.05).length).toBeLessThan(2 * options.firstEmbeddings + 61)
  })

  it('asks more often while what came back is too poor to tell who it is, but not for ever', () => {
    const within = (ms: number, quality: number): number => run(ms, quality).length
    // Evidence .04 a look: not enough before the twentieth.
    expect(within(4000, 0.2)).toBeGreaterThan(within(4000, 0.8) + 8)
    expect(within(60_000, 0.2) - within(30_000, 0.2)).toBe(within(60_000, 0.8) - within(30_000, 0.8))
    // .16 a look: enough after the fifth.
    expect(within(4000, 0.4)).toBe(within(4000, 0.8))
  })

  it('asks when a face appears where another one is expected that is not to be seen', () => {
    const crossing = (otherX: number) => {
      const tracker = open()
      for (let t = 0; t <= 1000; t += 40) {
        const { tracks, shouldEmbed } = tracker.at(t, [0.3, otherX])
        for (const [i, track] of tracks.entries())
          if (shouldEmbed[i]) tracker.embedded(track, direction(randomFrom(i + 1)), { overall: 0.8 })
      }
      return tracker.at(1140, [0.3]).shouldEmbed
    }
    expect(crossing(0.34)).toEqual([true])
    expect(crossing(0.6)).toEqual([false])
  })

  it('asks at once when the face comes nearer, and when another face is close', () => {
    const settle = () => {
      const tracker = open()
      for (let t = 0; t <= 1000; t += 40) {
        const { tracks, shouldEmbed } = tracker.at(t, [0.3])
        if (shouldEmbed[0]) tracker.embedded(tracks[0] as string, direction(randomFrom(1)), { overall: 0.8 })
      }
      return tracker
    }
    expect(settle().at(1040, [0.3]).shouldEmbed).toEqual([false])
    expect(settle().see(1040, [detectionAt(0.28, 0.38, 0.14)]).shouldEmbed).toEqual([true])
    expect(settle().at(1040, [0.3, 0.36]).shouldEmbed).toEqual([true, false])
  })
})

describe('the guard against swaps', () => {
  const swapped = (after: readonly { readonly toward: 'other' | 'own' | 'noise'; readonly overall: number }[]) => {
    const random = randomFrom(7)
    const [own, other] = [direction(random), direction(random)]
    const tracker = open()
    const [track] = tracker.at(0, [0.3]).tracks as [string]
    for (let i = 0; i < 5; i++) tracker.embedded(track, near(own, 0.4, random), { overall: 0.8 })
    const now = after.map(({ toward, overall }) => {
      const embedding = toward === 'noise' ? direction(random) : near(toward === 'own' ? own : other, 0.4, random)
      return tracker.embedded(track, embedding, { overall })
    })
    return { before: track, now, next: tracker.at(40, [0.3]) }
  }
  const [other, own, noise] = [
    { toward: 'other', overall: 0.8 } as const,
    { toward: 'own', overall: 0.8 } as const,
    { toward: 'noise', overall: 0.8 } as const,
  ]

  it('splits the track at the second good embedding that disagrees', () => {
    const { before, now, next } = swapped([other, other])
    expect(now).toEqual([before, 'door/s1/1'])
    expect(next).toMatchObject({ tracks: ['door/s1/1'], ended: [before] })
  })

  it('forgives one that disagrees, two that do not agree with each other, and poor ones', () => {
    for (const after of [
      [other, own, other],
      [noise, noise],
      [
        { ...other, overall: 0.1 },
        { ...other, overall: 0.1 },
      ],
    ]) {
      const { before, now } = swapped(after)
      expect(new Set(now)).toEqual(new Set([before]))
    }
  })

  it('ignores embeddings of tracks it does not have', () => {
    expect(open().embedded('door/s1/9', direction(randomFrom(1)), { overall: 1 })).toBe('door/s1/9')
  })
})

describe('a face that comes back', () => {
  /** A known face stands at .3 for a second. Then it is not seen for `gapMs`, and somebody is at `x`. */
  const back = (
    who: 'own' | 'other',
    overall: number,
    { gapMs = 240, x = 0.3, other = null as number | null } = {},
  ) => {
    const random = randomFrom(9)
    const [own, stranger] = [direction(random), direction(random)]
    const tracker = open()
    let first = ''
    for (let t = 0; t <= 1000; t += 40) {
      const { tracks, shouldEmbed } = tracker.at(t, other === null ? [0.3] : [0.3, other])
      first = tracks[0] as string
      for (const [i, track] of tracks.entries())
        if (shouldEmbed[i]) tracker.embedded(track, near(i === 0 ? own : stranger, 0.4, random), { overall: 0.8 })
    }
    for (let t = 1040; t < 1000 + gapMs; t += 40) tracker.at(t, [])
    const { tracks, shouldEmbed } = tracker.at(1000 + gapMs, [x])
    const embedding = near(who === 'own' ? own : stranger, 0.4, random)
    const now = tracker.embedded(tracks[0] as string, embedding, { overall })
    const again = (t: number, xs: readonly number[]) => tracker.at(1000 + gapMs + t, xs)
    return { first, tracks, shouldEmbed, now, again }
  }

  it('is embedded at once, and keeps its track when it is the same', () => {
    const { first, tracks, shouldEmbed, now, again } = back('own', 0.8)
    expect({ tracks, shouldEmbed, now }).toEqual({ tracks: [first], shouldEmbed: [true], now: first })
    expect(again(40, [0.3])).toMatchObject({ tracks: [first], shouldEmbed: [false], ended: [] })
  })

  it('has a track of its own when one good embedding shows somebody else; a poor one shows nothing', () => {
    const { first, now, again } = back('other', 0.8)
    expect(now).not.toBe(first)
    expect(again(40, [0.3])).toMatchObject({ tracks: [now], ended: [] })
    const poor = back('other', 0.05)
    expect(poor.now).toBe(poor.first)
  })

  it('leaves the track to the one who was hidden, who goes on with it', () => {
    const { first, now, again } = back('other', 0.8, { gapMs: 80, x: 0.36 })
    expect(again(40, [0.42]).tracks).toEqual([now])
    expect(again(80, [0.3, 0.48]).tracks).toEqual([first, now])
  })

  it('ends the track of the one who never comes back, after maxAgeMs from when it was really seen', () => {
    const { first, now, again } = back('other', 0.8)
    for (let t = 40; t <= options.maxAgeMs - 240; t += 40) expect(again(t, [0.3]).ended).toEqual([])
    expect(again(options.maxAgeMs - 200, [0.3])).toMatchObject({ tracks: [now], ended: [first] })
  })

  it('is not believed to be the nearer of two people, of whom only one is left to be seen', () => {
    const { first, now, shouldEmbed } = back('other', 0.8, { gapMs: 40, x: 0.33, other: 0.36 })
    expect(shouldEmbed).toEqual([true])
    expect(now).not.toBe(first)
  })

  it('waits for a good embedding where pictures are rare, through poor ones', () => {
    const random = randomFrom(11)
    const [own, stranger] = [direction(random), direction(random)]
    const tracker = open()
    let track = ''
    for (let t = 0; t <= 2000; t += 500) {
      track = tracker.at(t, [0.3]).tracks[0] as string
      tracker.embedded(track, near(own, 0.4, random), { overall: 0.8 })
    }
    expect(tracker.embedded(tracker.at(2500, [0.3]).tracks[0] as string, stranger, { overall: 0.05 })).toBe(track)
    expect(tracker.at(3000, [0.3]).tracks).toEqual([track])
    expect(tracker.embedded(track, stranger, { overall: 0.8 })).not.toBe(track)
  })
})
