import { concatMap, lastValueFrom, takeWhile } from 'rxjs'
import { RollcallError } from '../../errors.ts'
import { type MeasuredVideo, meanVector } from '../../evaluate/paper/videos.ts'
import { openCameras } from '../../ingest/cameras.ts'
import { cameraOptions } from '../../ingest/options.ts'
import { mainFace } from '../../photos/main-face.ts'
import { readPhoto } from '../../photos/read-photo.ts'
import { silent } from '../../silent-log.ts'
import type { Picture, Yuv } from '../../types.ts'
import { modelOptions } from '../../vision/options.ts'
import { progress } from '../photos/progress.ts'
import type { LabelledVideo } from './labelled-videos.ts'
import { type OpenedModels, openPaperModels, type PaperFiles } from './paper-models.ts'

/** So many frames of a video are compared: the first in which a face is found, as in FaceNet. */
const mostFrames = 100
/** Frames are looked at as cameras are. */
const { side: pictureSide } = modelOptions.parse({})

/** Looks at a frame; says whether another one is wanted. */
type Look = (picture: Picture, full: Yuv) => Promise<boolean>

const eachFrame = async ({ file, frames }: LabelledVideo, { decoder }: OpenedModels, look: Look): Promise<void> => {
  if (frames !== null) {
    for (const frame of frames) {
      const photo = await decoder.decode(await readPhoto(frame), pictureSide)
      if (!(await look(photo.picture, photo))) return
    }
    return
  }
  const camera = { name: 'video', options: cameraOptions.parse({ url: file }) }
  const cameras = openCameras([camera], { pictureSide, untilEnd: true, log: silent })
  try {
    const wanted$ = cameras.ready$.pipe(
      concatMap(async (ready) => {
        const frame = ready.take()
        if (frame === null) return true
        try {
          return await look(frame.picture, frame.full)
        } finally {
          frame.close()
        }
      }),
      takeWhile((isMoreWanted) => isMoreWanted),
    )
    await lastValueFrom(wanted$, { defaultValue: true })
  } finally {
    await cameras.close()
  }
}

/** The mean embedding of a video's frames; null where no face is found, or the video cannot be read. */
const measureVideo = async (video: LabelledVideo, opened: OpenedModels): Promise<MeasuredVideo | null> => {
  const { detector, embedders } = opened
  const vectors: Float32Array[] = []
  try {
    await eachFrame(video, opened, async (picture, full) => {
      const [faces = []] = await detector.detect([picture])
      const face = mainFace(faces, picture)
      if (face === null) return true
      const [look] = await embedders[0].embed([{ full, ...face }])
      if (look) vectors.push(look.embedding)
      return vectors.length < mostFrames
    })
  } catch (error) {
    if (!(error instanceof RollcallError) || error.code !== 'USAGE') throw error
  }
  return vectors.length === 0 ? null : { person: video.person, frames: vectors.length, mean: meanVector(vectors) }
}

/**
 * Measures videos; says how far it is. Names those without a face in `withoutFace`. Rejects with MODEL_RUN and what opening models
 * throws.
 */
export const measureVideos = async (
  list: readonly LabelledVideo[],
  files: PaperFiles,
): Promise<{ readonly videos: readonly MeasuredVideo[]; readonly withoutFace: readonly string[] }> => {
  await using owner = new AsyncDisposableStack()
  const opened = await openPaperModels(files, owner)
  const tell = progress(list.length, 'videos')
  const [videos, withoutFace]: [MeasuredVideo[], string[]] = [[], []]
  for (const [i, video] of list.entries()) {
    const measured = await measureVideo(video, opened)
    if (measured) videos.push(measured)
    else withoutFace.push(video.name)
    tell(i + 1)
  }
  return { videos, withoutFace }
}
