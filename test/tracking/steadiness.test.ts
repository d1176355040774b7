import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trackerOptions } from '../../src/tracking/options.ts'
import { createTracker } from '../../src/tracking/tracker.ts'
import type { Detection } from '../../src/types.ts'
import { detectionAt, direction, near, randomFrom, stampAt } from '../identity/support/faces.ts'

const stepMs = 40

/** A camera whose people all have good faces. Each is known by the place in the list of detections. */
const open = (quality = 0.8) => {
  const tracker = createTracker(trackerOptions.parse({}), 'door')
  const random = randomFrom(1)
  const people = Array.from({ length: 4 }, () => direction(random))
  let [seq, atMs] = [0, 0]
  const see = (faces: readonly (Detection | null)[]) => {
    const shown = faces.flatMap((face, i) => (face ? [{ face, person: people[i] as Float32Array }] : []))
    const tracked = tracker.update(
      stampAt(atMs, seq++),
      shown.map(({ face }) => face),
      false,
    )
    for (const [i, { shouldEmbed, track }] of tracked.entries())
      if (shouldEmbed)
        tracker.embedded(track, near(shown[i]?.person as Float32Array, 0.3, random), { overall: quality })
    atMs += stepMs
    return tracker.isSteady()
  }
  return {
    see,
    /** Plays so many milliseconds; when it first was steady, null if never. */
    play: (ms: number, faces: (t: number) => readonly (Detection | null)[]): number | null => {
      const times = Array.from({ length: ms / stepMs }, (_, i) => i * stepMs)
      const steady = times.filter((t) => see(faces(t)))
      return steady[0] ?? null
    },
  }
}

describe('isSteady', () => {
  it('is true with nobody there', () => expect(open().see([])).toBe(true))

  it('is false for whoever comes, until they are known and have stayed where they are', () => {
    const firstMs = open().play(4000, () => [detectionAt(0.5)])
    // Five embeddings, a tenth of a second apart, from the second frame on.
    expect(firstMs).toBeGreaterThanOrEqual(400)
    expect(firstMs).toBeLessThanOrEqual(1000)
  })

  it('takes longer where faces tell little', () => {
    const good = open().play(8000, () => [detectionAt(0.5)])
    expect(open(0.3).play(8000, () => [detectionAt(0.5)])).toBeGreaterThan((good ?? Infinity) + 1000)
  })

  it.each([
    ['who walks', (t: number) => detectionAt(0.1 + t * 0.0001)],
    ['who comes nearer', (t: number) => detectionAt(0.3, 0.3, 0.1 * 1.5 ** (t / 1000))],
    ['at the edge of the picture', () => detectionAt(0.9)],
  ])('is never true with somebody %s', (_, face) => {
    expect(open().play(4000, (t) => [face(t)])).toBeNull()
  })

  it('is true with a head that sways and a box that trembles', () => {
    const random = randomFrom(3)
    const sway = (t: number): number => 0.5 + 0.01 * Math.sin(t / 300) + 0.004 * (random() - 0.5)
    const camera = open()
    expect(camera.play(2000, (t) => [detectionAt(sway(t))])).not.toBeNull()
    for (let t = 2000; t < 6000; t += stepMs) expect(camera.see([detectionAt(sway(t))])).toBe(true)
  })

  it('is never true with two who nearly touch, and is with two apart', () => {
    expect(open().play(4000, () => [detectionAt(0.4), detectionAt(0.57)])).toBeNull()
    expect(open().play(4000, () => [detectionAt(0.3), detectionAt(0.6)])).not.toBeNull()
  })

  it.each([
    ['somebody new comes', [detectionAt(0.3), detectionAt(0.7)]],
    ['somebody is lost from sight', [null]],
    ['somebody moves', [detectionAt(0.35)]],
  ])('ends at once when %s', (_, faces) => {
    const camera = open()
    camera.play(2000, () => [detectionAt(0.3)])
    expect(camera.see([detectionAt(0.3)])).toBe(true)
    expect(camera.see(faces)).toBe(false)
  })

  it('is true again when one of two has been gone for a moment, but not where the other hides them', () => {
    for (const [x, isSteady] of [
      [0.7, true],
      [0.42, false],
    ] as const) {
      const camera = open()
      camera.play(2000, () => [detectionAt(0.3), detectionAt(0.7)])
      camera.play(1000, (t) => [detectionAt(0.3), detectionAt(0.7 + (t / 1000) * (x - 0.7))])
      expect(camera.play(400, () => [detectionAt(0.3), null]) !== null).toBe(isSteady)
    }
  })

  it('is true again when the face is back and an embedding shows that it is the same', () => {
    const camera = open()
    camera.play(2000, () => [detectionAt(0.3)])
    camera.play(400, () => [null])
    expect(camera.see([detectionAt(0.3)])).toBe(true)
  })

  it('never holds a face that moves more than half a box size a second', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.06, max: 0.3, noNaN: true }), (speed) => {
        const camera = open()
        expect(camera.play(1600, (t) => [detectionAt(0.1 + (t / 1000) * speed)])).toBeNull()
      }),
      { numRuns: 30 },
    )
  })
})
