import type { EmbeddedFace, EmbeddedFrame } from '../operators/analysed.ts'
import type { CameraId, FaceCrop, Frame, Picture, TrackId } from '../types.ts'
import { cropQuality, type FaceCropper } from '../vision/face-crop.ts'

/** A better picture of a track must be better by this factor. From .15 to 1 that is at most eleven pictures; usually it is two. */
const CLEARLY_BETTER = 1.2
/** Pictures that are being encoded at once. What comes meanwhile is left out; the track goes on and will look as good again. */
const MOST_UNDER_WAY = 8

/** What pictures of faces are made with. */
export interface CropParts {
  readonly cropper: FaceCropper
  /** Encodes planar RGB as JPEG. */
  readonly encode: (picture: Picture, quality: number) => Promise<Uint8Array>
  /** Faces below this quality show nobody. */
  readonly minQuality: number
  readonly send: (crop: FaceCrop) => void
  readonly onFailure: (camera: CameraId, error: unknown) => void
}

/** Makes the best shots of a worker's tracks. */
export interface Crops {
  /**
   * Cuts the faces out that look clearly better than any before on their track. The batch's frames may be closed at once.
   */
  offer(batch: readonly EmbeddedFrame[]): void
}

/** Only faces that were embedded have a quality, so a track costs nothing once its embeddings get no better. */
export const createCrops = ({ cropper, encode, minQuality, send, onFailure }: CropParts): Crops => {
  const best = new Map<TrackId, number>()
  let underWay = 0

  const offer = (frame: Frame, { track, quality, box, landmarks, closer }: EmbeddedFace): void => {
    if (quality === undefined || underWay >= MOST_UNDER_WAY) return
    if (quality.overall < Math.max(minQuality, (best.get(track) ?? 0) * CLEARLY_BETTER)) return
    const from = closer ?? { full: frame.full, box, landmarks }
    const picture = cropper.cut(from.full, from.box, from.landmarks)
    if (picture === null) return
    best.set(track, quality.overall)
    const { camera, stream, seq, capturedAtMs } = frame
    const { width, height } = picture
    underWay++
    encode(picture, cropQuality)
      .then((jpeg) => send({ camera, stream, seq, capturedAtMs, track, quality: quality.overall, width, height, jpeg }))
      .catch((error: unknown) => onFailure(camera, error))
      .finally(() => underWay--)
  }

  return {
    offer(batch) {
      for (const { frame, faces, endedTracks } of batch) {
        for (const face of faces) offer(frame, face)
        for (const track of endedTracks) best.delete(track)
      }
    },
  }
}
