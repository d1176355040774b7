import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCutDetector } from '../../src/tracking/cut.ts'
import type { Picture } from '../../src/types.ts'
import { type LoopName, partOf, scratchDirectory } from '../support/footage.ts'
import { clips } from '../support/material.ts'
import { canDecode, smallPictures } from '../vision/footage.ts'

const paint = (value: (x: number, y: number) => number): Picture => {
  const [width, height] = [160, 120]
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = value(i % width, Math.floor(i / width) % height)
  return { width, height, data }
}

const cutsIn = (pictures: readonly Picture[]): number[] => {
  const cuts = createCutDetector()
  return pictures.flatMap((picture, i) => (cuts.isCut(picture) ? [i] : []))
}

describe('createCutDetector', () => {
  const leftLit = paint((x) => (x < 80 ? 220 : 30))
  const rightLit = paint((x) => (x < 80 ? 30 : 220))

  it('says nothing about the first picture and about one that stays', () => {
    expect(cutsIn([leftLit, leftLit, leftLit])).toEqual([])
  })

  it('sees another scene, and the next one', () => {
    expect(cutsIn([leftLit, leftLit, rightLit, ...Array.from({ length: 12 }, () => rightLit), leftLit])).toEqual([
      2, 15,
    ])
  })

  it('does not take a light that is switched on, or a flash, for a cut', () => {
    const dim = paint((x) => (x < 80 ? 110 : 15))
    expect(cutsIn([dim, dim, leftLit, dim, leftLit, leftLit])).toEqual([])
  })

  it('does not mind noise in the dark', () => {
    let seed = 1
    const noise = (): number => (seed = (seed * 48271) % 2147483647) % 24
    expect(cutsIn(Array.from({ length: 20 }, () => paint(noise)))).toEqual([])
  })

  it('does not take a dark room in which a small lamp moves for a cut', () => {
    const lamp = (at: number) => paint((x, y) => (Math.hypot(x - at, y - 60) < 12 ? 250 : 8))
    expect(cutsIn([lamp(30), lamp(30), lamp(120), lamp(40)])).toEqual([])
  })

  it('compares pictures of different sizes', () => {
    const small = { width: 16, height: 12, data: new Uint8Array(16 * 12 * 3).map((_, i) => (i % 16 < 8 ? 220 : 30)) }
    expect(cutsIn([leftLit, small])).toEqual([])
  })

  it('finds the changes of shot in the café, and none where a camera stands', async () => {
    const folder = scratchDirectory()
    const part = async (name: LoopName, fromS: number, untilS: number): Promise<Picture[]> =>
      smallPictures(await partOf(name, fromS, untilS, join(folder, `${name}.mp4`)), 160, 90)
    // Its shots change at 13.6 and 18.8 s; the lights go down at 21 s, and that is no cut.
    expect(cutsIn(await part('cafe', 12, 24))).toEqual([40, 170])
    expect(cutsIn(await part('street', 4, 10))).toEqual([])
  })

  describe.skipIf(!clips() || !canDecode)('on real footage', () => {
    const clip = (name: string, height = 120): Picture[] => smallPictures(join(clips() ?? '', name), 160, height)

    // By eye: hard cuts before frames 21, 65 and 185; then one shot with flashes (192–204) and a morph (213–228).
    it('finds the hard cuts of a film and nothing else, and the same ones again', () => {
      const film = clip('film-cuts.mp4', 90)
      expect(cutsIn(film)).toEqual([21, 65, 185])
      expect(cutsIn(film)).toEqual(cutsIn(film))
    })

    it('finds the same cuts between the black bars of a letterbox', () => {
      const film = smallPictures(join(clips() ?? '', 'film-cuts.mp4'), 160, 160)
      expect(cutsIn(film)).toEqual([21, 65, 185])
    })

    it('finds none where the camera stands or walks along', () => {
      expect(cutsIn(clip('hikers.mp4'))).toEqual([])
      expect(cutsIn(clip('indoors.mp4'))).toEqual([])
    })

    it('counts a whip-pan once or twice, not in every frame', () => {
      const cuts = cutsIn(clip('three-people.mp4'))
      expect(cuts.length).toBeGreaterThan(3)
      expect(cuts.length).toBeLessThan(15)
    })
  })
})
