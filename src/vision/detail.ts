/**
 * What the middle of an aligned crop shows, at three scales. Luma is 0–255; every value but `density` is a root mean
 * square in units of luma.
 */
export interface Detail {
  /** Second differences of cells of 1/18 of the crop's side: brows, eyes, nose and mouth. */
  readonly coarse: number
  /** … of half a cell: the shapes of eyes and lips. */
  readonly middle: number
  /** … of neighbouring pixels, in the median cell: skin, hair, and what noise and block edges add to them. */
  readonly fine: number
  /** Noise that no plane explains (J. Immerkær, "Fast noise variance estimation", CVIU 64 (1996)), in the calmest tenth. */
  readonly noise: number
  /**
   * The mean of the fine differences' size over their root mean square, mean over the cells. 0.80 for noise and for
   * skin; less where few pixels hold all differences: edges of a codec's blocks, pixels drawn as squares, too few grey
   * levels.
   */
  readonly density: number
  /**
   * The variance of the fine differences over that of luma (J. L. Pech-Pacheco and others, "Diatom autofocusing in
   * brightfield microscopy", ICPR 2000): whip-pans have 0.005–0.02, still pictures 0.1–0.5.
   */
  readonly focus: number
}

/** The middle of the crop shows the face in any pose: its share of the side, and the most cells along it. */
const middleShare = 0.6
const mostCells = 11

const rootOfMean = (squares: number, count: number): number => Math.sqrt(squares / count)

/** Root mean square of the Laplacian over the inner points of a grid of `width`² values. */
const secondDifferences = (grid: Float64Array, width: number): number => {
  let squares = 0
  for (let y = 1; y < width - 1; y++)
    for (let i = y * width + 1, end = y * width + width - 1; i < end; i++) {
      const bend =
        (grid[i - 1] as number) +
        (grid[i + 1] as number) +
        (grid[i - width] as number) +
        (grid[i + width] as number) -
        4 * (grid[i] as number)
      squares += bend * bend
    }
  return rootOfMean(squares, (width - 2) ** 2)
}

/** The value at this share of the way from the least to the greatest. */
const quantile = (values: Float64Array, share: number): number =>
  values.toSorted()[Math.floor(share * values.length)] as number

/**
 * Measures the middle of a crop of `side`² luma values, row-major.
 *
 * `step` is the distance of neighbouring pixels in crop pixels. For an enlarged face it is the size of a picture's
 * pixel; otherwise every small face would count as blurred. It is less than a fifth of the side.
 */
export const detailOf = (luma: Float32Array, side: number, step = 1): Detail => {
  const half = Math.max(1, Math.round((3 * side) / 112))
  const cells = Math.min(mostCells, Math.floor((middleShare * side) / (2 * half)))
  const from = (side - 2 * half * cells) >> 1
  const line = step * side
  const count = (2 * half) ** 2
  const fine = new Float64Array(cells * cells)
  const noise = new Float64Array(cells * cells)
  const sizes = new Float64Array(cells * cells)
  const means = new Float64Array(4 * cells * cells)
  let light = 0
  let lightSquares = 0
  for (let y = 0; y < 2 * half * cells; y++) {
    const row = Math.floor(y / (2 * half)) * cells
    const halfRow = Math.floor(y / half) * 2 * cells
    for (let x = 0; x < 2 * half * cells; x++) {
      const i = (from + y) * side + from + x
      const here = luma[i] as number
      const beside =
        (luma[i - step] as number) +
        (luma[i + step] as number) +
        (luma[i - line] as number) +
        (luma[i + line] as number)
      const across =
        (luma[i - line - step] as number) +
        (luma[i - line + step] as number) +
        (luma[i + line - step] as number) +
        (luma[i + line + step] as number)
      const bend = beside - 4 * here
      const residue = across - 2 * beside + 4 * here
      const cell = row + Math.floor(x / (2 * half))
      fine[cell] = (fine[cell] as number) + bend * bend
      sizes[cell] = (sizes[cell] as number) + Math.abs(bend)
      noise[cell] = (noise[cell] as number) + residue * residue
      const quarter = halfRow + Math.floor(x / half)
      means[quarter] = (means[quarter] as number) + here / (half * half)
      light += here
      lightSquares += here * here
    }
  }
  let density = 0
  let bends = 0
  for (const [i, squares] of fine.entries()) {
    density += (sizes[i] as number) / count / Math.max(rootOfMean(squares, count), 1e-6) / fine.length
    bends += squares
  }
  const pixels = count * fine.length
  const variance = lightSquares / pixels - (light / pixels) ** 2
  return {
    coarse: secondDifferences(halved(means, 2 * cells), cells),
    middle: secondDifferences(means, 2 * cells),
    fine: rootOfMean(quantile(fine, 0.5), count),
    // The kernel's weights have the norm 6.
    noise: rootOfMean(quantile(noise, 0.1), count) / 6,
    density,
    focus: bends / pixels / Math.max(variance, 1),
  }
}

/** The means of 2 × 2 values of a grid of `width`² values. */
const halved = (grid: Float64Array, width: number): Float64Array => {
  const half = width / 2
  return Float64Array.from({ length: half * half }, (_, i) => {
    const at = 2 * Math.floor(i / half) * width + 2 * (i % half)
    const upper = (grid[at] as number) + (grid[at + 1] as number)
    const lower = (grid[at + width] as number) + (grid[at + width + 1] as number)
    return (upper + lower) / 4
  })
}
