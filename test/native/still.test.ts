import { describe, expect, test } from 'vitest'
import { type Brightness, stillAfter } from '../../native/index.js'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'

const [width, height] = [256, 144]
/** Three looks a second, as a camera that rests. */
const FPS = 3

/** The level of a pixel at a time, without the noise. */
type Scene = (x: number, y: number, second: number) => number

/** A room with edges, and dark and light places. */
const room: Scene = (x, y) => 60 + 40 * Math.sin(x / 23) + 50 * (y > 72 ? 1 : 0)
/** Somebody in the room: eight by thirty pixels, with a face of six, of another level. */
const body = (x: number, y: number, atX: number, level: number, behind: number): number =>
  x >= atX && x < atX + 8 && y >= 60 && y < 90 ? level : behind

/** What is looked at; the same each time. */
const shown = (scene: Scene, { noise = 0, seconds = 12 } = {}): readonly Brightness[] => {
  const random = seededRandom(3)
  // White noise, drawn once and moved: drawing as many again for each picture takes long.
  const levels = Float32Array.from({ length: width * height + 5000 }, gaussianFrom(random))
  return Array.from({ length: FPS * seconds }, (_, i) => {
    const from = Math.floor(random() * 5000)
    const luma = Uint8Array.from({ length: width * height }, (__, at) => {
      const level = scene(at % width, Math.floor(at / width), i / FPS) + noise * (levels[from + at] ?? 0)
      return Math.max(0, Math.min(255, Math.round(level)))
    })
    return { width, height, luma, atMs: (i * 1000) / FPS }
  })
}

/** When it began and ceased to be still, in seconds. */
const changes = (pictures: readonly Brightness[]): readonly number[] => {
  const still = stillAfter(pictures)
  return still.flatMap((now, i) => (now === (still[i - 1] ?? false) ? [] : [(pictures[i]?.atMs ?? 0) / 1000]))
}

/** Streaks that are elsewhere in each picture, one or two pixels wide and a dozen high. */
const rain: Scene = (x, y, second) =>
  room(x, y, second) +
  (Math.sin(x * 12.9 + Math.floor(y / 12) * 78.2 + Math.round(second * FPS) * 37.7) > 0.9995 ? 40 : 0)
const leaves: Scene = (x, y, second) =>
  room(x, y, second) + (x < 60 && y < 60 ? 50 * Math.sin(x / 3 + 7 * second + y / 5) : 0)

describe('pictures are still after four seconds', () => {
  test.each([
    ['where nothing moves', room, 0],
    ['while the light wanes', (x, y, second) => room(x, y, second) - 2 * second, 2],
  ] satisfies [string, Scene, number][])('%s', (_, scene, noise) => {
    const [from = 0, ...more] = changes(shown(scene, { noise }))
    expect(more).toEqual([])
    expect(from).toBeGreaterThanOrEqual(4)
    expect(from).toBeLessThan(4.5)
  })

  test.each([
    ['in rain', rain, 2],
    ['with leaves in the wind', leaves, 2],
    ['with the noise of a night', room, 8],
  ] satisfies [string, Scene, number][])('%s a moment later, when it is known what moves', (_, scene, noise) => {
    const [from = Number.POSITIVE_INFINITY, ...more] = changes(shown(scene, { noise, seconds: 20 }))
    expect(more).toEqual([])
    expect(from).toBeLessThan(12)
  })
})

describe('pictures are not still', () => {
  test.each([
    ['of a camera that is moved', (x, y, second) => room(x + 4 * second, y, second)],
    ['of a camera that shakes', (x, y, second) => room(x + (Math.round(second * FPS) % 2) * 6, y, second)],
    ['while somebody walks', (x, y, second) => body(x, y, 20 * second, 170, room(x, y, second))],
  ] satisfies [string, Scene][])('%s', (_, scene) => {
    expect(changes(shown(scene, { noise: 2 }))).toEqual([])
  })
})

describe('they are no longer when somebody comes', () => {
  const comes =
    (level: number, scene: Scene, atS = 8): Scene =>
    (x, y, second) =>
      second >= atS ? body(x, y, 150, level, scene(x, y, second)) : scene(x, y, second)
  test.each([
    ['in light clothes', comes(200, room), 2],
    ['in dark clothes', comes(20, room), 2],
    ['in the noise of a night', comes(200, room), 8],
    ['when the light is switched on', (x, y, second) => room(x, y, second) * (second >= 8 ? 1.6 : 1), 2],
  ] satisfies [string, Scene, number][])('%s', (_, scene, noise) => {
    const [, until = 0] = changes(shown(scene, { noise }))
    expect(until).toBe(8)
  })
  test.each([
    ['in rain', comes(220, rain, 20)],
    ['before leaves in the wind', comes(200, leaves, 20)],
  ] satisfies [string, Scene][])('%s', (_, scene) => {
    const [, until = 0] = changes(shown(scene, { noise: 2, seconds: 22 }))
    expect(until).toBe(20)
  })
})

test('another size is another picture', () => {
  const before = shown(room, { seconds: 6 })
  const smaller = { width: 160, height: 90, luma: new Uint8Array(160 * 90), atMs: 6000 }
  expect(stillAfter([...before, smaller]).slice(-2)).toEqual([true, false])
  expect(() => stillAfter([{ ...smaller, width: 161 }])).toThrow(/luma must have width x height bytes/)
})
