import sharp from 'sharp'
import type { Mask } from './picture.ts'

/** The most that a label takes, pixels: longer names are cut off. */
const mostWidth = 640

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Text of this height, pixels, as a mask; null when this machine has no font that shows anything of it. */
export const maskOf = async (text: string, heightPx: number): Promise<Mask | null> => {
  try {
    const { data, info } = await sharp({
      text: { text: escaped(text), font: `sans bold ${Math.round(heightPx * 0.75)}`, dpi: 72, rgba: true },
    })
      .extractChannel('alpha')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const width = Math.min(info.width, mostWidth)
    const cut = width === info.width ? data : Buffer.concat(rowsOf(data, info.width, width))
    return data.some((cover) => cover > 0) ? { width, height: info.height, data: cut } : null
  } catch {
    // Pango ends with an error where there is no glyph at all.
    return null
  }
}

const rowsOf = (data: Buffer, from: number, width: number): Buffer[] =>
  Array.from({ length: data.length / from }, (_, y) => data.subarray(y * from, y * from + width))
