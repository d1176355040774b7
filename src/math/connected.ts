/** Cells of a grid, from the first row and column on to behind the last. */
export interface Extent {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * Takes the connected component of `start` (cells that touch by sides or corners) out of a grid of marks, row by row, by flood fill:
 * their marks are 0 afterwards. How many cells it has, and the extent around them.
 */
export const takeComponent = (
  marks: Uint8Array,
  { width, height }: Pick<Extent, 'width' | 'height'>,
  start: number,
): { readonly count: number; readonly extent: Extent } => {
  const waiting = [start]
  marks[start] = 0
  let count = 0
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
    const [x, y] = [cell % width, Math.floor(cell / width)]
    count++
    left = Math.min(left, x)
    right = Math.max(right, x + 1)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + 1)
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        const near = row * width + column
        if (marks[near] === 0) continue
        marks[near] = 0
        waiting.push(near)
      }
  }
  return { count, extent: { x: left, y: top, width: right - left, height: bottom - top } }
}

/** The smallest extent, or box, that has both. */
export const around = (a: Extent, b: Extent): Extent => {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  const [right, bottom] = [Math.max(a.x + a.width, b.x + b.width), Math.max(a.y + a.height, b.y + b.height)]
  return { x, y, width: right - x, height: bottom - y }
}
