import { encodeJpeg } from '../../native/index.js'
import type { Detection, Log, Yuv } from '../types.ts'
import type { Embedder } from '../vision/embedder.ts'
import { createFaceCropper, cropQuality } from '../vision/face-crop.ts'
import { loadModels } from '../vision/models.ts'
import type { ModelOptions } from '../vision/options.ts'
import { openPhotoDecoder } from './decoder.ts'
import { measurePhoto } from './measure-photo.ts'
import type { FaceExtras, FacePicture, MeasuredPhoto } from './review-photos.ts'

/** Models and a decoder that measure photos. Owned by whoever opened them, who calls `close()`. */
export interface Measuring {
  /** The model that the embeddings come from. */
  readonly embedder: Pick<Embedder, 'name' | 'sha256' | 'dimensions' | 'threshold'>
  /** Finds and embeds the faces of one photo, each with these extras; see `measurePhoto`. */
  measure(file: string, read: () => Promise<Uint8Array>, extras?: FaceExtras): Promise<MeasuredPhoto>
  /** Waits for the model, ends the decoder. */
  close(): Promise<void>
}

/** Loads the models. Throws MODEL_MISSING or MODEL_INVALID. */
export const openMeasuring = async (options: ModelOptions, log: Log): Promise<Measuring> => {
  const models = await loadModels(options, { log, onFallback: () => undefined })
  const decoder = openPhotoDecoder()
  const { name, sha256, dimensions, threshold } = models.embedder
  const cropper = createFaceCropper()
  const cut = async (full: Yuv, { box, landmarks }: Detection): Promise<FacePicture | null> => {
    const picture = cropper.cut(full, box, landmarks)
    if (picture === null) return null
    const { width, height } = picture
    return { width, height, jpeg: await encodeJpeg(picture, cropQuality) }
  }
  return {
    embedder: { name, sha256, dimensions, threshold },
    measure: (file, read, { crops = false, pictures = false } = {}) =>
      measurePhoto(file, read, { decoder, models, side: options.side, crops, ...(pictures && { cut }) }),
    close: async () => {
      await Promise.all([decoder.close(), models.close()])
    },
  }
}
