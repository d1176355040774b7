import { placesOf, width } from './counter.ts'

/** Canvas pixels a pixel of the picture. */
export const scale = 2

/** What a picture on the canvas and its boxes have to do with each other. */
export interface Verdict {
  /**
   * `own`: exactly those of this picture, which was analysed. `between`: what lies, by PTS, between those of the analysed
   * pictures next to it. `held`: those of an older one, within the time that the player holds boxes. `none`: not there.
   */
  readonly kind: 'own' | 'between' | 'held' | 'none' | 'wrong'
  /** How old held boxes are, in pictures of 40 ms by PTS: what the player's read-out says of it. */
  readonly oldFrames: number
  /** What would have been right; for people. */
  readonly expected: readonly number[]
}

interface Timed {
  readonly stream: string
  readonly ptsUs: number
}
/** Where the boxes of an analysed picture begin, as fractions of the width. */
interface Analysed extends Timed {
  readonly places: readonly number[]
}

const [heldUs, neighbourUs, frameUs] = [300_000, 1_000_000, 40_000]
const [keptFrames, keptUnits] = [200, 400]

/** The counter that an encoded picture of uncompressed blocks shows, as its bits; null where it is not whole. */
export const blocksOf = (data: Uint8Array, count: number): boolean[] | null => {
  const blocks: boolean[] = []
  for (let at = 0; at + 256 < data.length && blocks.length < count; ) {
    const value = data[at] ?? 0
    const isBlock = (value === 16 || value === 235) && data[at + 255] === value && data[at + 256] === 128
    if (isBlock) blocks.push(value === 235)
    at += isBlock ? 384 : 1
  }
  return blocks.length === count ? blocks : null
}

/**
 * Says of each picture that is read from the canvas whether its boxes are right. It asks for no time: what the player may
 * have known is all that the page has given it, and that came in order. So the neighbours of a picture that the player knew
 * are those that the page knows, and boxes are held only from before the picture.
 */
export const createJudge = () => {
  let units: (Timed & { readonly counter: number })[] = []
  let frames: Analysed[] = []
  let lastN = 0

  /** The stroke has two pixels, one of them left of the box' side; a step of the counter has eleven. */
  const fits = (boxes: readonly (number | null)[], places: readonly number[]): boolean =>
    boxes.every((at, i) => at !== null && Math.abs(at + 1 - (places[i] ?? 0) * width * scale) <= 2)
  const judgeAt = (ptsUs: number, boxes: readonly (number | null)[]): Verdict => {
    const sorted = frames.toSorted((a, b) => a.ptsUs - b.ptsUs)
    const before = sorted.findLast((frame) => frame.ptsUs < ptsUs)
    const after = sorted.find((frame) => frame.ptsUs > ptsUs)
    const isOwnKnown = sorted.some((frame) => frame.ptsUs === ptsUs)
    const held = sorted.findLast(
      (frame) => frame.ptsUs < ptsUs && ptsUs - frame.ptsUs <= heldUs && fits(boxes, frame.places),
    )
    if (held) return { kind: 'held', oldFrames: Math.round((ptsUs - held.ptsUs) / frameUs), expected: [] }
    if (isOwnKnown || !before || !after || after.ptsUs - before.ptsUs > neighbourUs)
      return { kind: 'wrong', oldFrames: 0, expected: [] }
    const part = (ptsUs - before.ptsUs) / (after.ptsUs - before.ptsUs)
    const expected = before.places.map((place, i) => place + ((after.places[i] ?? 0) - place) * part)
    return { kind: fits(boxes, expected) ? 'between' : 'wrong', oldFrames: 0, expected }
  }
  return {
    /** A unit came whose picture shows this counter. Numbers begin anew with a connection. */
    unit: ({ n, stream, ptsUs }: Timed & { readonly n: number }, counter: number): void => {
      if (n <= lastN) {
        units = []
        frames = frames.filter((frame) => frame.stream === stream)
      }
      lastN = n
      units = [...units.slice(-keptUnits), { stream, ptsUs, counter }]
    },
    frame: (frame: Analysed): void => {
      frames = [...frames.slice(-keptFrames), frame]
    },
    judge: (counter: number, boxes: readonly (number | null)[]): Verdict => {
      const own = placesOf(counter)
      const isKnown = frames.some(({ places }) => places.every((place, i) => Math.abs(place - (own[i] ?? 0)) < 1e-6))
      if (fits(boxes, own)) return { kind: isKnown ? 'own' : 'between', oldFrames: 0, expected: own }
      if (boxes.some((at) => at === null)) return { kind: 'none', oldFrames: 0, expected: own }
      const verdicts = units.filter((unit) => unit.counter === counter).map(({ ptsUs }) => judgeAt(ptsUs, boxes))
      const right = verdicts.find(({ kind }) => kind !== 'wrong')
      return right ?? { kind: 'wrong', oldFrames: 0, expected: own }
    },
  }
}
