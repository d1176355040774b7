import { createRequire } from 'node:module'
import type { RawPixels } from './raw-pixels.ts'
import { Refused } from './refused.ts'

/** The part of libheif-js that is used. Its pictures are freed with their decoder. */
interface HeifImage {
  get_width(): number
  get_height(): number
  is_primary?(): boolean
  display(
    to: { data: Uint8ClampedArray; width: number; height: number },
    done: (shown: { data: Uint8ClampedArray } | null) => void,
  ): void
  free(): void
}
interface Libheif {
  readonly HeifDecoder: new () => { decode(bytes: Uint8Array): HeifImage[] }
}

/** The main picture of a HEIC file, upright as its own transformations say. Its size is checked by `admit` before. */
export const readHeic = async (
  bytes: Uint8Array,
  admit: (size: { readonly width: number; readonly height: number }) => void,
): Promise<RawPixels> => {
  // 2 MB of WebAssembly: loaded for the first HEIC only.
  const { HeifDecoder } = createRequire(import.meta.url)('libheif-js/wasm-bundle') as Libheif
  const images = new HeifDecoder().decode(bytes)
  try {
    const image = images.find((each) => each.is_primary?.()) ?? images[0]
    if (!image) throw new Refused('is HEIC without a picture that can be read', 'convert it to JPEG or PNG')
    const [width, height] = [image.get_width(), image.get_height()]
    admit({ width, height })
    const data = new Uint8ClampedArray(width * height * 4)
    const shown = await new Promise((resolve) => image.display({ data, width, height }, resolve))
    if (!shown) throw new Refused('is HEIC that is damaged, or of a kind that is not read', 'convert it to JPEG or PNG')
    return { width, height, channels: 4, data: new Uint8Array(data.buffer) }
  } finally {
    for (const image of images) image.free()
  }
}
