import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { FrameEvent } from '../../../events/types.ts'
import type { CameraId } from '../../../types.ts'

/** The frame events of one recording in a file of JSON lines, in order. */
export async function* finalFrames(file: string, camera: CameraId): AsyncGenerator<FrameEvent, undefined> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const event = JSON.parse(line) as FrameEvent
    if (event.data.camera === camera) yield event
  }
}
