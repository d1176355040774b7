import { describe, expect, it } from 'vitest'
import { createBigPictures } from '../../../src/ingest/detail/big-pictures.ts'
import { createDecodeBudget } from '../../../src/ingest/detail/decode-budget.ts'
import { isWorthLook, MOST_LOOKS, notLooked, withLook } from '../../../src/ingest/detail/look-rule.ts'
import { placeIn, type SeenFaces } from '../../../src/ingest/detail/seen-faces.ts'
import { certainFace, inPicture, searchSquare } from '../../../src/math/expected-face.ts'
import type { Detection, Landmarks } from '../../../src/types.ts'

const face = (x: number, y: number, size = 0.04): Detection => ({
  box: { x: x - size / 2, y: y - size / 2, width: size, height: size },
  landmarks: Array.from({ length: 5 }, () => ({ x, y })) as unknown as Landmarks,
  score: 0.9,
})
const expected = (track: string, x: number, y: number, spread = 0) => ({ track, box: face(x, y).box, spread })

describe('isWorthLook', () => {
  const usable = { score: 10, sizePx: 20, inside: 1 }

  it('takes the first usable face, a second like it, and then clearly better ones only', () => {
    let looked = notLooked
    const taken = [10, 5, 9.5, 11, 13, 13.5, 20].filter((score) => {
      const wants = isWorthLook(looked, { ...usable, score })
      if (wants) looked = withLook(looked, score)
      return wants
    })
    expect(taken).toEqual([10, 9.5, 13, 20])
  })

  it('takes six at most, those in which the face was not found too', () => {
    let looked = notLooked
    let count = 0
    for (let i = 0; i < 100; i++) {
      if (!isWorthLook(looked, { ...usable, score: 2 ** i })) continue
      count++
      looked = withLook(looked, i % 2 === 0 ? null : 2 ** i)
    }
    expect(count).toBe(MOST_LOOKS)
    expect(looked).toEqual({ tries: 6, found: 3, best: 2 ** 5 })
  })

  it.each([
    ['cut off by the edge', { inside: 0.8 }],
    ['as large as the big stream could show it', { sizePx: 120 }],
  ])('takes no face that is %s', (_, more) => {
    expect(isWorthLook(notLooked, { ...usable, ...more })).toBe(false)
  })
})

describe('createDecodeBudget', () => {
  /** The share of the cost of decoding all, by what was measured: the mean picture 1, a key picture 2.75, another one 0.75, opening 1.5. */
  const spent = (received: number, fps: number, picturesOf: (i: number) => number): number => {
    const budget = createDecodeBudget()
    let [cost, usedMs] = [0, Number.NEGATIVE_INFINITY]
    for (let i = 0; i < received; i++) {
      budget.received()
      const [atMs, pictures] = [(i * 1000) / fps, picturesOf(i)]
      if (!budget.allows(pictures, atMs)) continue
      budget.spend(pictures, atMs)
      cost += 2.75 + 0.75 * (pictures - 1) + (atMs - usedMs > 5000 ? 1.5 : 0)
      usedMs = atMs
    }
    return cost / received
  }

  it.each([
    ['key pictures', 12.5, () => 1],
    ['pictures within groups', 25, (i: number) => 1 + (i % 9)],
    ['rare pictures, for which the decoder is opened anew', 5, () => 1],
  ])(
    'allows less than a twentieth of the cost of all in a minute, however many %s are wanted',
    (_, fps, picturesOf) => {
      const share = spent(60 * fps, fps, picturesOf)
      expect(share).toBeGreaterThan(0.03)
      expect(share).toBeLessThan(fps > 10 ? 0.05 : 0.061)
      expect(spent(600 * fps, fps, picturesOf)).toBeLessThan(0.045)
    },
  )

  it('saves up for a quiet hour no more than a moment of decoding', () => {
    const budget = createDecodeBudget()
    for (let i = 0; i < 90_000; i++) budget.received()
    expect(budget.allows(22, 0)).toBe(true)
    expect(budget.allows(23, 0)).toBe(false)
  })
})

describe('createBigPictures', () => {
  const times = (i: number) => ({ ptsNs: BigInt(i), arrivedAtMs: i, ntpAtMs: null })
  const numbers = (pictures: readonly { times: { arrivedAtMs: number }; pictures: number }[]) =>
    pictures.map(({ times, pictures }) => [times.arrivedAtMs, pictures])

  it('knows how many pictures have to be decoded for each', () => {
    const pictures = createBigPictures()
    for (let i = 0; i < 7; i++) pictures.add(times(i), i % 5 === 0, false)
    expect(numbers(pictures.upTo(2))).toEqual([
      [6, 2],
      [5, 1],
      [1, 2],
      [0, 1],
    ])
  })

  it('leaves out what comes before the first key unit, and a broken group up to the next whole one', () => {
    const pictures = createBigPictures()
    pictures.add(times(0), false, false)
    pictures.add(times(1), true, false)
    pictures.add(times(2), false, true)
    pictures.add(times(3), false, false)
    pictures.add(times(4), true, true)
    pictures.add(times(5), false, false)
    pictures.add(times(6), true, false)
    expect(numbers(pictures.upTo(9))).toEqual([
      [6, 1],
      [1, 1],
    ])
  })

  it('knows what follows a picture in its group, and whether more may come', () => {
    const pictures = createBigPictures()
    for (let i = 0; i < 7; i++) pictures.add(times(i), i % 5 === 0, false)
    const afterIn = (arrivedAtMs: number) => {
      const picture = pictures.upTo(9).find((each) => each.times.arrivedAtMs === arrivedAtMs)
      if (!picture) throw new Error(`no picture ${arrivedAtMs}`)
      const { rest, isOver } = pictures.after(picture)
      return [rest.map((each) => each.times.arrivedAtMs), isOver]
    }
    expect(afterIn(2)).toEqual([[3, 4], true])
    expect(afterIn(5)).toEqual([[6], false])
    expect(afterIn(6)).toEqual([[], false])
    pictures.add(times(7), false, true)
    expect(afterIn(6)).toEqual([[], true])
  })

  it('remembers no more than the ring does', () => {
    const pictures = createBigPictures()
    for (let i = 0; i < 5000; i++) pictures.add(times(i), true, false)
    expect(pictures.upTo(1).length).toBe(120)
  })
})

describe('placeIn', () => {
  const seen = (faces: readonly (readonly [atMs: number, x: number])[]): SeenFaces[] =>
    faces.map(([atMs, x]) => ({ atMs, thumbnail: new Float32Array(), faces: new Map([['t', face(x, 0.5)]]) }))
  const at = (atMs: number, slackMs = 0) => ({ fromMs: atMs - slackMs, untilMs: atMs + slackMs })
  const x = (place: ReturnType<typeof placeIn>) => (place ? place.box.x + place.box.width / 2 : null)

  it('is between the frames before and after the moment', () => {
    expect(
      x(
        placeIn(
          seen([
            [0, 0.2],
            [100, 0.3],
          ]),
          't',
          at(25),
        ),
      ),
    ).toBeCloseTo(0.225)
  })

  it('says how far the face may have moved within the time that the picture may be of', () => {
    const walking = seen([
      [0, 0.2],
      [100, 0.24],
      [200, 0.28],
      [300, 0.32],
      [400, 0.36],
    ])
    expect(placeIn(walking, 't', at(200, 100))?.spread).toBeCloseTo(1)
    expect(placeIn(walking, 't', at(200, 10))?.spread).toBeCloseTo(0.1)
  })

  it.each([
    ['seen once only', seen([[0, 0.2]]), 0],
    [
      'not there yet',
      seen([
        [1000, 0.2],
        [1100, 0.2],
      ]),
      500,
    ],
    [
      'away for long around the moment',
      seen([
        [0, 0.2],
        [3000, 0.2],
      ]),
      1500,
    ],
    ['another track', [], 0],
  ])('is unknown for a face that was %s', (_, frames, atMs) => {
    expect(placeIn(frames, 't', at(atMs))).toBeNull()
  })
})

describe('certainFace', () => {
  const wanted = expected('a', 0.5, 0.5)

  it('is the face where it must be', () => {
    const found = face(0.51, 0.495)
    expect(certainFace(wanted, [face(0.7, 0.5), found], [wanted])).toBe(found)
  })

  it.each([
    ['nothing was found', [], []],
    ['the face is elsewhere', [face(0.53, 0.5)], []],
    ['it is much larger', [face(0.5, 0.5, 0.09)], []],
    ['two faces are as near', [face(0.49, 0.5), face(0.515, 0.5)], []],
    ["another track's face must be there too", [face(0.505, 0.5)], [expected('b', 0.53, 0.5)]],
  ])('is none when %s', (_, found, others) => {
    expect(certainFace(wanted, found, [wanted, ...others])).toBeNull()
  })
})

describe('searchSquare', () => {
  it('is a square around the face, and what is found in it goes back to the picture', () => {
    const size = { width: 1920, height: 1080 }
    const square = searchSquare(expected('a', 0.5, 0.5), size)
    expect(square.side).toBeCloseTo((0.04 * 1920) / 0.4)
    expect([square.x + square.side / 2, square.y + square.side / 2]).toEqual([960, 540])
    const back = inPicture(face(0.5, 0.5, 0.4), square, size).box
    expect([back.x + back.width / 2, back.y + back.height / 2, back.width * 1920]).toEqual([
      expect.closeTo(0.5),
      expect.closeTo(0.5),
      expect.closeTo(76.8),
    ])
  })
})
