import type { Log } from '../types.ts'
import type { Embedder } from '../vision/embedder.ts'
import { loadModels } from '../vision/models.ts'
import type { ModelOptions } from '../vision/options.ts'
import { openPhotoDecoder } from './decoder.ts'
import { measurePhoto } from './measure-photo.ts'
import type { MeasuredPhoto } from './review-photos.ts'

/** Models and a decoder that measure photos. Owned by whoever opened them, who calls `close()`. */
export interface Measuring {
  /** The model that the embeddings come from. */
  readonly embedder: Pick<Embedder, 'name' | 'sha256' | 'dimensions' | 'threshold'>
  /** Finds and embeds the faces of one photo, with `crops` also their crops; see `measurePhoto`. */
  measure(file: string, read: () => Promise<Uint8Array>, crops?: boolean): Promise<MeasuredPhoto>
  /** Waits for the model, ends the decoder. */
  close(): Promise<void>
}

/** Loads the models. Throws MODEL_MISSING or MODEL_INVALID. */
export const openMeasuring = async (options: ModelOptions, log: Log): Promise<Measuring> => {
  const models = await loadModels(options, { log, onFallback: () => undefined })
  const decoder = openPhotoDecoder()
  const { name, sha256, dimensions, threshold } = models.embedder
  return {
    embedder: { name, sha256, dimensions, threshold },
    measure: (file, read, crops = false) => measurePhoto(file, read, { decoder, models, side: options.side, crops }),
    close: async () => {
      await Promise.all([decoder.close(), models.close()])
    },
  }
}
