import { join } from 'node:path'
import type { CameraOptions } from '../../../ingest/options.ts'
import type { CameraId, Log, PersonId } from '../../../types.ts'
import { progress } from '../../photos/progress.ts'
import { createFaceDrawing } from './draw-faces.ts'
import { drawRecording } from './draw-recording.ts'
import type { VideoEncoder } from './encoders.ts'
import { finalFrames } from './final-frames.ts'

/** What a recording had when it was analysed. */
export interface Analysed {
  readonly frames: number
  /** How long a frame is shown on average, seconds. */
  readonly frameS: number
}

/** What is drawn, and by what. */
export interface VideosToDraw {
  /** Has `frames.jsonl`, and gets an `.mp4` for each recording. */
  readonly out: string
  readonly cameras: Readonly<Record<CameraId, CameraOptions>>
  readonly analysed: ReadonlyMap<CameraId, Analysed>
  readonly nameOf: (person: PersonId) => string
  readonly encoder: VideoEncoder
  readonly log: Log
}

/** Draws boxes and people onto each recording that gave frames. Says so once when names cannot be written. Throws as `drawRecording`. */
export const drawVideos = async ({ out, cameras, analysed, nameOf, encoder, log }: VideosToDraw): Promise<void> => {
  const total = [...analysed.values()].reduce((sum, { frames }) => sum + frames, 0)
  const tell = progress(total, 'frames drawn')
  const drawing = createFaceDrawing(nameOf)
  let done = 0
  const onFrame = (): void => tell(++done)
  for (const [camera, { frameS }] of analysed) {
    const options = cameras[camera]
    if (!options) continue
    const events = finalFrames(join(out, 'frames.jsonl'), camera)
    const to = join(out, `${camera}.mp4`)
    await drawRecording({ camera, options, events, frameS, to }, { drawing, encoder, log, onFrame })
  }
  if (drawing.lacksFont)
    log.warn(
      {},
      'some names are not drawn, because no font is installed that has their letters: apt-get install fonts-dejavu-core',
    )
}
