import { describe, expect, test } from 'vitest'
import { calmAfter, type UnitSize } from '../../native/index.js'

const key = 50_000
/** The mean may vary by so much. */
const most = Math.floor(key / 128)

interface Scene {
  readonly fps?: number
  /** Pictures from one key picture to the next. */
  readonly group?: number
  readonly seconds?: number
  readonly keyBytes?: number
  readonly filled?: boolean
}

/** What an encoder makes of a scene: `bytesOf` says how many the n-th picture has, when it is no key picture. */
const encoded = (
  bytesOf: (n: number, second: number) => number,
  { fps = 25, group = 50, seconds = 14, keyBytes = key, filled = false }: Scene = {},
): readonly UnitSize[] =>
  Array.from({ length: fps * seconds }, (_, n) => ({
    key: n % group === 0,
    bytes: Math.round(n % group === 0 ? keyBytes : bytesOf(n, n / fps)),
    filled,
    atMs: (n * 1000) / fps,
  }))

/** When it began and ceased to be calm, in tenths of a second. */
const changes = (sizes: readonly UnitSize[]): readonly number[] => {
  const calm = calmAfter(sizes)
  return calm.flatMap((now, i) => (now === (calm[i - 1] ?? false) ? [] : [Math.round((sizes[i]?.atMs ?? 0) / 100)]))
}

describe('a scene is calm after four seconds and two groups of pictures', () => {
  test.each([
    ['where nothing moves', () => 30, {}],
    ['with a little noise', (n) => 1000 + 0.9 * most * (n % 3 === 0 ? 1 : 0), {}],
    ['with B frames, of a tenth of the size', (n) => (n % 4 === 1 ? 1000 : 100), {}],
    ['where each key picture lacks what those after it make up for', (n) => (n % 50 < 14 ? 1000 * (n % 3) : 30), {}],
    ['where the light wanes slowly, for as long as it takes', (_, second) => 500 + second * 25, {}],
  ] satisfies [string, (n: number, second: number) => number, Scene][])('%s', (_, bytesOf, scene) => {
    const [from = 0, ...more] = changes(encoded(bytesOf, scene))
    expect(more).toEqual([])
    expect(from).toBeGreaterThanOrEqual(60)
    expect(from).toBeLessThanOrEqual(61)
  })

  test('of one key picture a second it is after four', () => {
    const [from = 0, ...more] = changes(encoded(() => 300, { group: 25 }))
    expect(more).toEqual([])
    expect(from).toBeLessThanOrEqual(45)
  })
})

describe('sizes say nothing', () => {
  const rain = (n: number): number => 2000 + 1500 * Math.sin(n * 0.07)
  test.each([
    ['in rain, and of leaves in the wind', rain, {}],
    ['of a camera that is moved', () => 20_000, {}],
    ['of noise at night', () => 8000, {}],
    ['where a fixed bit rate is kept', (n) => 7000 + (n % 50) * 20, {}],
    ['where what is saved is filled up', () => 2000, { filled: true }],
    ['without key pictures: the picture is refreshed part by part', () => 2000, { group: 1e6, keyBytes: 2000 }],
    ['where each picture is a key picture', () => 0, { group: 1 }],
    ['where the light wanes faster', (_, second) => 500 + second * 150, {}],
  ] satisfies [string, (n: number, second: number) => number, Scene][])('%s', (_, bytesOf, scene) => {
    expect(changes(encoded(bytesOf, scene))).toEqual([])
  })
})

describe('it is no longer', () => {
  /** Something begins after eight seconds. */
  const from8 = (more: (n: number) => number) => (n: number, second: number) => 300 + (second >= 8 ? more(n - 200) : 0)
  test.each([
    ['at once when a lamp is switched on', (n) => (n === 3 ? 30_000 : 0), 1],
    ['at once when somebody comes in', () => 3000, 1],
    ['within a third of a second when somebody is far away', () => 1.1 * most, 3],
    ['when somebody creeps nearer and nearer', (n) => n * 8, 25],
    ['when the gain rises at night', (n) => n * 20, 12],
  ] satisfies [string, (n: number) => number, number][])('%s', (_, more, tenths) => {
    const [, until = 0] = changes(encoded(from8(more)))
    expect(until).toBeGreaterThanOrEqual(80)
    expect(until).toBeLessThanOrEqual(80 + tenths + 1)
  })

  test('and is again when nothing has moved for four seconds', () => {
    const passing = (_: number, second: number) => 300 + (second >= 6.5 && second < 7 ? 3000 : 0)
    const [, , again = 0, ...more] = changes(encoded(passing, { seconds: 20 }))
    expect(more).toEqual([])
    expect(again).toBeGreaterThan(115)
  })
})
