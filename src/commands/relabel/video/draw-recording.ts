import { concatMap, lastValueFrom } from 'rxjs'
import { type Encoder, openEncoder } from '../../../../native/index.js'
import { RollcallError } from '../../../errors.ts'
import type { FrameEvent } from '../../../events/types.ts'
import { openCameras } from '../../../ingest/cameras.ts'
import type { CameraOptions } from '../../../ingest/options.ts'
import { quote } from '../../../ingest/quote.ts'
import type { CameraId, Frame, Log } from '../../../types.ts'
import type { FaceDrawing } from './draw-faces.ts'
import { encodingLine, type VideoEncoder } from './encoders.ts'

/** A recording to be drawn, and where to. */
export interface RecordingToDraw {
  readonly camera: CameraId
  /** Those that it was analysed with. */
  readonly options: CameraOptions
  /** One event for each of its frames, in order. */
  readonly events: AsyncIterator<FrameEvent, undefined>
  /** How long a frame is usually shown, seconds. */
  readonly frameS: number
  /** An .mp4 that is written anew. */
  readonly to: string
}

/** What it is drawn with. */
export interface DrawingParts {
  readonly drawing: FaceDrawing
  readonly encoder: VideoEncoder
  readonly log: Log
  readonly onFrame: () => void
}

/** The least side of the detector's picture, which is not needed. */
const noPicture = 16

const changed = (camera: CameraId): RollcallError =>
  new RollcallError('USAGE', `--video: ${camera} does not give the same frames again`, {
    remedy: 'Only a file that stays as it is can be drawn: copy the recording first.',
  })

/** The times of a recording's frames, nanoseconds from 0 on. A time line that begins anew goes on where it was. */
const createTimes = (frameNs: bigint) => {
  let [shift, last]: [bigint | null, bigint] = [null, -frameNs]
  return (ptsUs: number): bigint => {
    const own = BigInt(ptsUs) * 1000n
    if (shift === null || own + shift <= last) shift = last + frameNs - own
    last = own + shift
    return last
  }
}

/**
 * Reads a recording again as it was analysed, draws each frame's event onto it and encodes it at its own time. Resolves to the
 * number of frames. Throws USAGE when it does not give the frames of the events, and SINK when it cannot be encoded or written.
 */
export const drawRecording = async (recording: RecordingToDraw, parts: DrawingParts): Promise<number> => {
  const { camera, options, events, frameS, to } = recording
  const frameNs = BigInt(Math.round(frameS * 1e9))
  const fps = Math.min(240, Math.max(1, Math.round(1 / frameS)))
  const timeOf = createTimes(frameNs)
  let encoder: Encoder | null = null
  let frames = 0
  const draw = async (frame: Frame): Promise<void> => {
    const { value: event } = await events.next()
    if (event?.data.seq !== frame.seq || event.data.ptsUs !== frame.ptsUs) throw changed(camera)
    const { width, height, data } = await parts.drawing.draw(frame.full, event.data)
    encoder ??= openEncoder(encodingLine(parts.encoder, { width, height, fps }, `filesink location=${quote(to)}`))
    await encoder.push(data, capsOf(frame, fps), timeOf(frame.ptsUs), frameNs)
    frames++
    parts.onFrame()
  }
  const cameras = openCameras([{ name: camera, options }], { pictureSide: noPicture, untilEnd: true, log: parts.log })
  try {
    const drawn$ = cameras.ready$.pipe(
      concatMap(async (ready) => {
        const frame = ready.take()
        if (frame === null) return
        try {
          await draw(frame)
        } finally {
          frame.close()
        }
      }),
    )
    await lastValueFrom(drawn$, { defaultValue: undefined })
    if ((await events.next()).done !== true) throw changed(camera)
    await (encoder as Encoder | null)?.end()
    return frames
  } catch (cause) {
    if (cause instanceof RollcallError) throw cause
    throw new RollcallError('SINK', `--video: ${to} cannot be written: ${(cause as Error).message}`, {
      cause,
      remedy: 'Check the space on the disk.',
    })
  } finally {
    await cameras.close()
    await (encoder as Encoder | null)?.close()
    await events.return?.()
  }
}

const capsOf = ({ full: { width, height, matrix, fullRange } }: Frame, fps: number): string =>
  // Range, matrix, and nothing about transfer and primaries: GstVideoColorimetry.
  `video/x-raw,format=I420,width=${width},height=${height},framerate=${fps}/1,pixel-aspect-ratio=1/1,colorimetry=${fullRange ? 1 : 2}:${{ bt709: 3, bt601: 4, bt2020: 6 }[matrix]}:0:0`
