import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** One face of the truth: fractions of the picture, origin top left; yaw in degrees; `visible` 0–1. */
interface Face {
  readonly person: string
  readonly box: readonly [number, number, number, number]
  readonly landmarks: readonly (readonly [number, number])[]
  readonly yaw: number
  readonly visible: number
  readonly hard: 'profile' | 'mask' | 'dark' | 'small' | 'occluded' | null
}
interface Head {
  readonly loop: string
  readonly width: number
  readonly height: number
  readonly fps: number
  readonly frames: number
  readonly people: readonly string[]
  readonly about: string
}
interface Row {
  readonly frame: number
  readonly faces: readonly Face[]
}

const folder = join(import.meta.dirname, '../footage')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.truth.jsonl'))
  .map((file) => file.slice(0, -'.truth.jsonl'.length))

const read = (name: string): { head: Head; rows: readonly Row[] } => {
  const [first = '', ...rest] = readFileSync(join(folder, `${name}.truth.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
  return { head: JSON.parse(first) as Head, rows: rest.map((line) => JSON.parse(line) as Row) }
}

/** Near and frontal enough that anybody must be recognised: what the demo's score relies on. */
const isEasy = (face: Face, width: number): boolean =>
  face.hard === null && face.box[2] * width >= 60 && Math.abs(face.yaw) <= 20 && face.visible > 0.9

const longestRun = (flags: readonly boolean[]): number => {
  let best = 0
  let run = 0
  for (const flag of flags) {
    run = flag ? run + 1 : 0
    best = Math.max(best, run)
  }
  return best
}

describe('footage', () => {
  it('is four loops of at most 20 MB together', () => {
    expect(names).toEqual(['cafe', 'gate', 'lobby', 'street'])
    expect(names.reduce((sum, name) => sum + statSync(join(folder, `${name}.mp4`)).size, 0)).toBeLessThan(20e6)
  })

  describe.each(names)('%s', (name) => {
    const { head, rows } = read(name)

    it('has one row a frame, in display order', () => {
      expect(head.loop).toBe(name)
      expect(rows.map(({ frame }) => frame)).toEqual(Array.from({ length: head.frames }, (_, frame) => frame))
    })

    it('names exactly the people who appear', () => {
      const seen = new Set(rows.flatMap(({ faces }) => faces.map(({ person }) => person)))
      expect([...seen].toSorted()).toEqual([...head.people].toSorted())
    })

    it('describes faces that look this way, partly visible, with their landmarks about the box', () => {
      for (const { faces } of rows) {
        for (const { box, landmarks, yaw, visible } of faces) {
          const [x, y, w, h] = box
          expect(w > 0 && h > 0 && visible >= 0.05 && visible <= 1 && Math.abs(yaw) <= 100).toBe(true)
          expect(landmarks).toHaveLength(5)
          for (const [px, py] of landmarks) {
            expect(px > x - 0.3 * w && px < x + 1.3 * w && py > y && py < y + 1.1 * h).toBe(true)
          }
        }
      }
    })

    it('shows each of them near and frontal for a second and a half', () => {
      for (const person of head.people) {
        const easy = rows.map(({ faces }) => faces.some((face) => face.person === person && isEasy(face, head.width)))
        expect(longestRun(easy) / head.fps, person).toBeGreaterThanOrEqual(1.5)
      }
    })

    it('begins and ends with nobody in view', () => {
      expect([rows[0]?.faces, rows.at(-1)?.faces]).toEqual([[], []])
    })
  })
})
