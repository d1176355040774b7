import type { Footage } from './footage.ts'

/** What is filmed, and how it is encoded. Every field has a default. */
export interface TestPicture {
  /** Pixels. It defaults to 160×90. */
  readonly size?: readonly [width: number, height: number]
  /** It defaults to 24. */
  readonly frames?: number
  /** It defaults to 12. */
  readonly fps?: number
  /** The raw format. It defaults to I420. */
  readonly format?: string
  /** A pattern of videotestsrc. It defaults to `ball`. */
  readonly pattern?: string
  /** Further raw caps, such as `,pixel-aspect-ratio=4/3`. */
  readonly caps?: string
}

const raw = ({ size: [width, height] = [160, 90], frames = 24, fps = 12, ...more }: TestPicture) => {
  const { format = 'I420', pattern = 'ball', caps = '' } = more
  const picture = `video/x-raw,format=${format},width=${width},height=${height},framerate=${fps}/1${caps}`
  return { width, height, launch: `videotestsrc pattern=${pattern} num-buffers=${frames} ! ${picture}` }
}

/** H.264 by Cisco's encoder; `encoder` are its properties, `profile` one of those that it has. */
export const h264 = (encoder: string, picture: TestPicture = {}, profile?: string): Footage => {
  const { width, height, launch } = raw(picture)
  const chosen = profile === undefined ? '' : ` ! video/x-h264,profile=${profile}`
  return { codec: 'h264', width, height, launch: `${launch} ! openh264enc complexity=low ${encoder}${chosen}` }
}

/** H.265 by x265; `options` are its own, such as `intra-refresh=1`, separated by colons. */
export const h265 = (keyEvery: number, options = '', picture: TestPicture = {}): Footage => {
  const { width, height, launch } = raw(picture)
  const own = ['log-level=0', ...(options === '' ? [] : [options])].join(':')
  const encoder = `x265enc key-int-max=${keyEvery} speed-preset=ultrafast option-string=${own}`
  return { codec: 'h265', width, height, launch: `${launch} ! ${encoder}` }
}
