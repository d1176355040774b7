import { around, type Extent, takeComponent } from '../math/connected.ts'
import type { Box, Picture } from '../types.ts'

/** A picture's brightness (the green of its pixels, 0–255): the means of 64 × 36 cells, row by row. */
export type Cells = Float32Array

/** Cells in a row. */
export const cellsAcross = 64
/** Rows of cells. */
export const cellsDown = 36
/** Samples along each side of a cell: 36,864 pixels of a picture give good means and cost 50 µs, twice that in a loop over each four. */
const samples = 4

/** The cells of a picture. */
export const cellsOf = ({ width, height, data }: Picture): Cells => {
  const cells = new Float32Array(cellsAcross * cellsDown)
  const across = new Int32Array(cellsAcross * samples)
  for (let i = 0; i < across.length; i++) across[i] = Math.floor(((i + 0.5) * width) / across.length)
  for (let j = 0; j < cellsDown * samples; j++) {
    const line = width * height + Math.floor(((j + 0.5) * height) / (cellsDown * samples)) * width
    const first = Math.floor(j / samples) * cellsAcross
    for (let cell = 0, i = 0; cell < cellsAcross; cell++, i += samples) {
      const a = data[line + (across[i] as number)] as number
      const b = data[line + (across[i + 1] as number)] as number
      const c = data[line + (across[i + 2] as number)] as number
      const d = data[line + (across[i + 3] as number)] as number
      cells[first + cell] = (cells[first + cell] as number) + (a + b + c + d) / samples ** 2
    }
  }
  return cells
}

/** A cell has changed when it differs by more levels than this, and by so many times its usual difference. */
const leastLevels = 4
const timesUsual = 4
/** Of what a cell usually differs by: no more than this is learned, so that whoever stands there is seen all the same. */
const mostUsual = 12
const learned = 1 / 16
/** So few changed cells that hang together are noise: a face that can be found has a body. */
const fewest = 3

/** Says where somebody may have come since each place was looked at last. */
export interface Movement {
  /**
   * Takes the next frame's cells, and where faces are that are known: boxes (fractions of the picture) around what else has changed,
   * apart from each other. The whole picture where nothing was looked at yet.
   */
  next(cells: Cells, known: readonly Box[]): readonly Box[]
  /** These parts of that frame were looked at. */
  saw(parts: readonly Box[]): void
}

/** The light may change everywhere at once, by this: the middle of all differences, which are −255 to 255, to a level. */
const lightOf = (differences: Float32Array): number => {
  const counts = new Int32Array(511)
  for (let i = 0; i < differences.length; i++) {
    const level = Math.round(differences[i] as number) + 255
    counts[level] = (counts[level] as number) + 1
  }
  let [level, below] = [0, counts[0] as number]
  while (below <= differences.length / 2) below += counts[++level] as number
  return level - 255
}

const inFractions = ({ x, y, width, height }: Extent): Box => ({
  x: x / cellsAcross,
  y: y / cellsDown,
  width: width / cellsAcross,
  height: height / cellsDown,
})

/** How far a known face's body reaches to each side of the face, and its hair above it, in its box's sizes. */
const [bodyReach, hairReach] = [1.6, 0.5]

/** Takes off the marks of those who are known, from their hair down to their feet. */
const takeOffBodies = (marks: Uint8Array, known: readonly Box[]): void => {
  for (const { x, y, width, height } of known) {
    const [from, to] = [(x - bodyReach * width) * cellsAcross, (x + (1 + bodyReach) * width) * cellsAcross]
    for (let row = Math.max(0, Math.floor((y - hairReach * height) * cellsDown)); row < cellsDown; row++)
      marks.fill(0, row * cellsAcross + clamp(Math.floor(from)), row * cellsAcross + clamp(Math.ceil(to)))
  }
}
const clamp = (column: number): number => Math.max(0, Math.min(cellsAcross, column))

const doMeet = (a: Box, b: Box): boolean =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height

/** Boxes that meet become one. */
const joined = (boxes: readonly Box[]): readonly Box[] => {
  const apart: Box[] = []
  for (let box of boxes) {
    for (
      let i = apart.findIndex((other) => doMeet(other, box));
      i >= 0;
      i = apart.findIndex((other) => doMeet(other, box))
    )
      box = around(box, ...(apart.splice(i, 1) as [Box]))
    apart.push(box)
  }
  return apart
}

/** All of a picture. */
export const whole: Box = { x: 0, y: 0, width: 1, height: 1 }

/** Creates what says it for one camera. Times play no part. */
export const createMovement = (): Movement => {
  let now: Cells | null = null
  /** What each cell was when it was looked at. */
  let seen: Cells | null = null
  const usual = new Float32Array(cellsAcross * cellsDown)
  return {
    next: (cells, known) => {
      now = cells
      if (seen === null) return [whole]
      const differences = new Float32Array(cells.length)
      for (let i = 0; i < cells.length; i++) differences[i] = (cells[i] as number) - (seen[i] as number)
      const light = lightOf(differences)
      const marks = new Uint8Array(cells.length)
      for (let i = 0; i < cells.length; i++) {
        const away = Math.abs((differences[i] as number) - light)
        const often = usual[i] as number
        usual[i] = often + learned * (Math.min(away, mostUsual) - often)
        if (away > Math.max(leastLevels, timesUsual * often)) marks[i] = 1
      }
      takeOffBodies(marks, known)
      const boxes: Box[] = []
      for (let i = 0; i < marks.length; i++) {
        if (!marks[i]) continue
        const { count, extent } = takeComponent(marks, { width: cellsAcross, height: cellsDown }, i)
        if (count >= fewest) boxes.push(inFractions(extent))
      }
      return joined(boxes)
    },
    saw: (parts) => {
      if (now === null) return
      seen ??= now.slice()
      for (const { x, y, width, height } of parts)
        for (let row = Math.floor(y * cellsDown); row < Math.min(cellsDown, (y + height) * cellsDown); row++)
          for (
            let column = Math.floor(x * cellsAcross);
            column < Math.min(cellsAcross, (x + width) * cellsAcross);
            column++
          )
            seen[row * cellsAcross + column] = now[row * cellsAcross + column] as number
    },
  }
}
