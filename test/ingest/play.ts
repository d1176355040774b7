import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { silent } from '../../src/silent-log.ts'
import type { CameraChange } from '../../src/types.ts'

/** What came out of a recording. */
export interface Played {
  readonly frames: number
  /** `width×height` of each frame, without repeats. */
  readonly sizes: readonly string[]
  /** The encoding, as the camera told it while frames came. */
  readonly codec: string | null
  /** Red, green and blue in the middle of the first frame's picture. */
  readonly colour: readonly number[]
  readonly end: CameraChange
  readonly ms: number
}

/** Reads a recording to its end as `rollcall run --until-end` does. */
export const play = async (url: string, options: object = {}): Promise<Played> => {
  const began = performance.now()
  const camera = { name: 'door', options: cameraOptions.parse({ url, decoder: 'software', ...options }) }
  const cameras = openCameras([camera], { pictureSide: 320, untilEnd: true, log: silent })
  const door = cameras.named('door')
  const sizes = new Set<string>()
  let frames = 0
  let codec: string | null = null
  let colour: number[] = []
  let end: CameraChange | null = null
  await new Promise<void>((resolve) => {
    door.changes$.subscribe({ next: (change) => (end = change), complete: resolve })
    door.ready$.subscribe(() => {
      const frame = door.take()
      if (frame === null) return
      frames++
      codec = door.stats.codec
      sizes.add(`${frame.full.width}×${frame.full.height}`)
      const { data, width, height } = frame.picture
      const middle = (height >> 1) * width + (width >> 1)
      if (frames === 1) colour = [0, 1, 2].map((channel) => data[channel * width * height + middle] ?? -1)
      frame.close()
    })
  })
  await cameras.close()
  if (end === null) throw new Error('the camera said nothing')
  return { frames, sizes: [...sizes], codec, colour, end, ms: performance.now() - began }
}
