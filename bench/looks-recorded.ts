/** Recordings analysed once, with every face embedded, so that policies of when to look can be tried on them in no time. */
import { basename, extname } from 'node:path'
import { openCameras } from '../src/ingest/cameras.ts'
import { cameraOptions } from '../src/ingest/options.ts'
import { silent } from '../src/silent-log.ts'
import { type Cells, cellsOf } from '../src/tracking/movement.ts'
import type { CameraId, Detection, FrameStamp, Picture, Quality } from '../src/types.ts'
import { type Blocks, blocksOf } from '../src/vision/changes.ts'
import { loadModels } from '../src/vision/models.ts'
import { modelOptions } from '../src/vision/options.ts'

/** A face that was found, as the embedder sees it. */
export type RecordedFace = Detection & { readonly embedding: Float32Array; readonly quality: Quality }

/** A frame and all that is to be seen in it. */
export interface RecordedFrame {
  readonly stamp: FrameStamp
  readonly width: number
  readonly height: number
  /** The pixels that the cut detector looks at. */
  readonly coarse: Picture
  /** What movement is told by. */
  readonly cells: Cells
  /** What has changed is told by these. */
  readonly blocks: Blocks
  readonly faces: readonly RecordedFace[]
}

/** As many as the cut detector samples of a picture, at the same places. */
const [columns, rows] = [48, 36]

const coarseOf = ({ width, height, data }: Picture): Picture => {
  const coarse = new Uint8Array(3 * columns * rows)
  for (let plane = 0; plane < 3; plane++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const [x, y] = [Math.floor(((i + 0.5) * width) / columns), Math.floor(((j + 0.5) * height) / rows)]
        coarse[(plane * rows + j) * columns + i] = data[(plane * height + y) * width + x] as number
      }
  return { width: columns, height: rows, data: coarse }
}

/** All frames of a recording, with the shipped models. The file's name is that of the camera. */
export const recorded = async (file: string): Promise<readonly RecordedFrame[]> => {
  await using owned = new AsyncDisposableStack()
  const models = owned.adopt(
    await loadModels(modelOptions.parse({ providers: ['cpu'] }), { log: silent, onFallback: () => {} }),
    (loaded) => loaded.close(),
  )
  const name: CameraId = basename(file, extname(file))
  const cameras = owned.adopt(
    openCameras([{ name, options: cameraOptions.parse({ url: file }) }], {
      pictureSide: 640,
      untilEnd: true,
      log: silent,
    }),
    (opened) => opened.close(),
  )
  const frames: RecordedFrame[] = []
  const look = async (): Promise<void> => {
    const frame = cameras.named(name).take()
    if (frame === null) return
    const { camera, stream, seq, ptsUs, capturedAtMs, clock, full, picture } = frame
    const [found = []] = await models.detector.detect([picture])
    const looks = found.length === 0 ? [] : await models.embedder.embed(found.map((face) => ({ ...face, full })))
    const faces = found.flatMap((face, i) => (looks[i] ? [{ ...face, ...looks[i] }] : []))
    const stamp = { camera, stream, seq, ptsUs, capturedAtMs, clock }
    frames.push({
      stamp,
      width: full.width,
      height: full.height,
      coarse: coarseOf(picture),
      cells: cellsOf(picture),
      blocks: blocksOf(picture),
      faces,
    })
    frame.close()
  }
  await new Promise<void>((resolve, reject) => {
    let looking = Promise.resolve()
    cameras.ready$.subscribe({
      next: () => void (looking = looking.then(look)),
      complete: () => looking.then(resolve, reject),
      error: reject,
    })
  })
  return frames
}
