import { firstValueFrom, of } from 'rxjs'
import { detectFaces } from '../../src/operators/detect-faces.ts'
import { embedFaces } from '../../src/operators/embed-faces.ts'
import { type Following, trackFaces } from '../../src/operators/track-faces.ts'
import { createCutDetector } from '../../src/tracking/cut.ts'
import { trackerOptions } from '../../src/tracking/options.ts'
import { createTracker } from '../../src/tracking/tracker.ts'
import type { CameraId, Faces, Frame, FrameStamp, Landmarks, Picture } from '../../src/types.ts'
import type { Look, LookFace, LoopLooks } from './looks.ts'

export interface Chain {
  /** What vision says of the picture, with tracks that go on from the camera's picture before. */
  see(stamp: FrameStamp, look: Look, loop: LoopLooks): Promise<Faces>
  /** The camera, or the whole process with null, begins anew. */
  restart(camera: CameraId | null): void
}

/** Rollcall's own operators, trackers, guards and cut detectors; only the models' answers are known beforehand. */
export const createChain = (): Chain => {
  const options = trackerOptions.parse({})
  const followings = new Map<CameraId, Following>()
  const followingOf = (camera: CameraId): Following => {
    const known = followings.get(camera)
    const following = known ?? {
      tracker: createTracker(options, camera),
      cuts: createCutDetector(),
      regions: null,
      changes: null,
    }
    followings.set(camera, following)
    return following
  }
  let known = new Map<Picture | Landmarks, Look | LookFace>()
  const detector = {
    seesParts: false,
    detect: async (pictures: readonly Picture[]) =>
      pictures.map((picture) =>
        (known.get(picture) as Look).faces.map(({ box, landmarks, score }) => ({ box, landmarks, score })),
      ),
  }
  const embedder = {
    embed: async (faces: readonly { readonly landmarks: Landmarks }[]) =>
      faces.map(({ landmarks }) => known.get(landmarks) as LookFace),
  }
  return {
    async see(stamp, look, { width, height }) {
      known = new Map<Picture | Landmarks, Look | LookFace>([[look.samples, look]])
      for (const face of look.faces) known.set(face.landmarks, face)
      const full = { width, height, planes: [], format: 'I420', matrix: 'bt709', fullRange: false } as const
      const frame: Frame = {
        ...stamp,
        full,
        picture: look.samples,
        encodeJpeg: () => Promise.reject(new Error('nobody looks')),
        close: () => undefined,
      }
      const faces$ = of([frame]).pipe(
        detectFaces(detector),
        trackFaces(followingOf),
        embedFaces(embedder, (camera) => followingOf(camera).tracker),
      )
      const [seen] = await firstValueFrom(faces$)
      return { ...stamp, width, height, faces: seen?.faces ?? [], endedTracks: seen?.endedTracks ?? [] }
    },
    restart(camera) {
      if (camera === null) followings.clear()
      else followings.delete(camera)
    },
  }
}
