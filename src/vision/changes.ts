import { around, takeComponent } from '../math/connected.ts'
import type { Box, FrameStamp, Picture } from '../types.ts'
import type { Size } from './canvas.ts'
import { grid, leastSide, type Part, partAround } from './parts.ts'

/** The side of a block, pixels: the smallest faces that are found have two or three each way, and noise is little in its mean. */
const block = 8
/** A block has changed when its mean differs by more levels, of 255. A face that differs less from what is behind it is not found. */
const levels = 4
/** The share of the picture from which on it may as well be looked at as a whole. */
const mostArea = 0.7

/** What a picture of this size is like: the means of its blocks, row by row, in green, which is most of brightness. */
export interface Blocks extends Size {
  readonly means: Float32Array
}

/** A frame that is to be looked at, or was. */
export interface Look extends Pick<FrameStamp, 'stream' | 'capturedAtMs' | 'damaged'> {
  readonly blocks: Blocks
}

/** Which parts of a camera's picture tell as much as the whole. One a camera: it remembers what was seen where. */
export interface Changes {
  /**
   * The parts of this frame that are not what they were when they were looked at, with what is around them, and those around the faces of
   * the frame before. Null when all of it is to be looked at: most has changed, it is damaged, or that was not done for a second.
   */
  since(look: Look): readonly Part[] | null
  /** Notes that these parts of the frame were looked at; null: all of it. */
  saw(look: Look, parts: readonly Part[] | null): void
  /** Notes the faces of each frame, in fractions of the picture. */
  found(faces: readonly Box[]): void
}

/** The longest time without a look at all of the picture: a face that was missed may be found though nothing has changed. */
const wholeEveryMs = 1000

const inBlocks = (pixels: number): number => Math.floor(pixels / block)

/** The blocks of a picture, by every other row and every other pixel of it, which takes a tenth of a millisecond. */
export const blocksOf = ({ width, height, data }: Picture): Blocks => {
  const [across, down] = [inBlocks(width), inBlocks(height)]
  const means = new Float32Array(across * down)
  for (let y = 0; y < down * block; y += 2) {
    const row = (height + y) * width
    const first = inBlocks(y) * across
    for (let i = 0, x = row; i < across; i++, x += block) {
      const sum = (data[x] as number) + (data[x + 2] as number) + (data[x + 4] as number) + (data[x + 6] as number)
      means[first + i] = (means[first + i] as number) + sum / 16
    }
  }
  return { width, height, means }
}

const areaOf = (parts: readonly Part[]): number => parts.reduce((sum, { width, height }) => sum + width * height, 0)

/** Fewer parts that show the same: one around two is taken where it is not larger than both. */
const merged = (parts: readonly Part[]): readonly Part[] => {
  const kept: Part[] = []
  for (const part of parts) {
    let own = part
    for (let i = 0; i < kept.length; i++) {
      const both = around(own, kept[i] as Part)
      if (areaOf([both]) > areaOf([own, kept[i] as Part])) continue
      own = both
      kept.splice(i, 1)
      // It may meet others now that it did not before.
      i = -1
    }
    kept.push(own)
  }
  return kept
}

/** The cells of the detector's grid in which a block has changed, with their neighbours: what is around a face tells of it. */
const changedCells = (before: Blocks, now: Blocks, cells: Size): Uint8Array => {
  const changed = new Uint8Array(cells.width * cells.height)
  const across = inBlocks(now.width)
  for (let i = 0; i < now.means.length; i++) {
    if (Math.abs((now.means[i] as number) - (before.means[i] as number)) <= levels) continue
    const column = Math.floor(((i % across) * block) / grid)
    const row = Math.floor((Math.floor(i / across) * block) / grid)
    for (let y = Math.max(0, row - 1); y <= Math.min(cells.height - 1, row + 1); y++)
      changed.fill(1, y * cells.width + Math.max(0, column - 1), y * cells.width + Math.min(cells.width, column + 2))
  }
  return changed
}

/** A part of at least `leastSide` in the picture, from cells. */
const partOf = (cells: Part, picture: Size): Part => {
  const span = (from: number, count: number, length: number): readonly [from: number, length: number] => {
    const side = Math.max(leastSide, count * grid)
    const all = Math.ceil(length / grid) * grid
    const start = Math.max(0, Math.min(from * grid - Math.floor((side - count * grid) / 2 / grid) * grid, all - side))
    return [start, Math.min(side, length - start)]
  }
  const [x, width] = span(cells.x, cells.width, picture.width)
  const [y, height] = span(cells.y, cells.height, picture.height)
  return { x, y, width, height }
}

/** Creates what remembers it for one camera. */
export const createChanges = (): Changes => {
  /** Where each part was looked at last. */
  let seen: Blocks | null = null
  let whole: Pick<FrameStamp, 'stream' | 'capturedAtMs'> | null = null
  let faces: readonly Box[] = []
  const isAlike = (now: Size): boolean => seen?.width === now.width && seen.height === now.height
  const isDue = ({ stream, capturedAtMs, damaged }: Look): boolean => {
    const sinceMs = whole?.stream === stream ? capturedAtMs - whole.capturedAtMs : Infinity
    // A clock that goes back begins anew.
    return damaged === true || sinceMs < 0 || sinceMs >= wholeEveryMs
  }
  return {
    since(look) {
      const { blocks } = look
      if (!seen || !isAlike(blocks) || isDue(look)) return null
      const cells = { width: Math.ceil(blocks.width / grid), height: Math.ceil(blocks.height / grid) }
      const marks = changedCells(seen, blocks, cells)
      const parts = faces.map((face) => partAround(face, blocks))
      for (let cell = 0; cell < marks.length; cell++)
        if (marks[cell]) parts.push(partOf(takeComponent(marks, cells, cell).extent, blocks))
      const fewer = merged(parts)
      return areaOf(fewer) > mostArea * blocks.width * blocks.height ? null : fewer
    },
    saw({ stream, capturedAtMs, blocks }, parts) {
      if (!seen || !parts) {
        seen = { ...blocks, means: blocks.means.slice() }
        whole = { stream, capturedAtMs }
        return
      }
      const [across, down] = [inBlocks(blocks.width), inBlocks(blocks.height)]
      for (const part of parts)
        for (let row = part.y / block; row < Math.min(down, inBlocks(part.y + part.height)); row++) {
          const from = row * across + part.x / block
          seen.means.set(blocks.means.subarray(from, from + inBlocks(part.width)), from)
        }
    },
    found(boxes) {
      faces = boxes
    },
  }
}
