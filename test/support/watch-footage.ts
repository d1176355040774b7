import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { RollcallEvent } from '../../src/events/types.ts'
import { watched } from './watched.ts'

export const footage = resolve(import.meta.dirname, '../../footage')
export const loops: readonly string[] = readdirSync(footage)
  .filter((file) => file.endsWith('.mp4'))
  .map((file) => file.replace('.mp4', ''))

/** What is published of all loops together, each a camera of its name. All frames are analysed when `maxFps` is left out. */
export const watchFootage = (maxFps?: number): Promise<readonly RollcallEvent[]> =>
  watched({
    cameras: Object.fromEntries(loops.map((loop) => [loop, join(footage, `${loop}.mp4`)])),
    ...(maxFps !== undefined && { maxFps }),
  })

/** Frames a second that are enough to know everybody on the footage, with a third of the work. */
export const fewFps = 5
