/** How tiles are laid out: so many in a row, each this wide. CSS pixels. */
export interface GridLayout {
  readonly columns: number
  readonly tileWidth: number
}

/** The room for tiles. `captionHeight` is what a tile has below its picture. CSS pixels. */
export interface GridRoom {
  readonly width: number
  readonly height: number
  readonly gap: number
  readonly captionHeight: number
}

/** The shape of a tile's screen. */
const aspect = 16 / 9
/** Narrower tiles show nobody. Then the grid scrolls instead. */
const leastWidth = 250

/**
 * The number of columns with which `count` tiles are largest when all are in view; when they would be too small for that, as
 * many columns as fit the width.
 */
export const layoutGrid = (count: number, { width, height, gap, captionHeight }: GridRoom): GridLayout => {
  const least = Math.min(leastWidth, width)
  let best: GridLayout = { columns: 1, tileWidth: 0 }
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns)
    const byWidth = (width - gap * (columns - 1)) / columns
    const byHeight = ((height - gap * (rows - 1)) / rows - captionHeight) * aspect
    const tileWidth = Math.floor(Math.min(byWidth, byHeight))
    if (tileWidth > best.tileWidth) best = { columns, tileWidth }
  }
  if (best.tileWidth >= least) return best
  const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / (leastWidth + gap))))
  return { columns, tileWidth: Math.floor((width - gap * (columns - 1)) / columns) }
}
