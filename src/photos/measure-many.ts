import { RollcallError } from '../errors.ts'
import type { ModelOptions } from '../vision/options.ts'
import { type MeasuringElsewhere, openMeasuringElsewhere } from './measure-elsewhere.ts'
import { readPhoto } from './read-photo.ts'
import type { MeasuredPhoto } from './review-photos.ts'

/** How many photos are measured, and what becomes of them. */
export interface MeasureManyOptions<T> {
  readonly models: ModelOptions
  /** Photos that are measured at once, each in a process of its own. */
  readonly processes: number
  /** Whether each face comes with its crop. */
  readonly crops?: boolean
  /** What is known of a photo already; null when it has to be measured. */
  readonly recall?: (file: string, bytes: Uint8Array) => T | null
  /** Makes a result of a measured photo. `bytes` are null when it could not be read. */
  readonly keep: (photo: MeasuredPhoto, bytes: Uint8Array | null) => T | Promise<T>
  readonly onProgress?: (done: number) => void
}

const unreadable = (file: string, { message, remedy }: RollcallError): MeasuredPhoto => ({
  file,
  unreadable: remedy ? `${message}; ${remedy}` : message,
  faces: [],
})

/** The error when it has one of the codes; else it is thrown again. */
const only = (codes: readonly string[], error: unknown): RollcallError => {
  if (error instanceof RollcallError && codes.includes(error.code)) return error
  throw error
}

const one = async <T>(
  measuring: MeasuringElsewhere,
  file: string,
  { crops = false, recall, keep }: MeasureManyOptions<T>,
): Promise<T> => {
  const bytes = await readPhoto(file).catch((error: unknown) => only(['USAGE'], error))
  if (bytes instanceof RollcallError) return keep(unreadable(file, bytes), null)
  const known = recall?.(file, bytes) ?? null
  if (known !== null) return known
  const measured = await measuring
    .measure([{ file, bytes }], { crops })
    .then(({ photos }) => photos[0] ?? { file, faces: [] })
    // The photo ended the process. Another one is started for the next.
    .catch((error: unknown) => unreadable(file, only(['PIPELINE'], error)))
  return keep(measured, bytes)
}

/**
 * Measures files in several processes. The results come back in the order of the files. What cannot be read, or ends its process,
 * is a photo that is `unreadable`, and the others go on. Throws MODEL_MISSING, MODEL_INVALID and MODEL_RUN.
 */
export const measureMany = async <T>(files: readonly string[], options: MeasureManyOptions<T>): Promise<T[]> => {
  const results: T[] = []
  let [next, done] = [0, 0]
  const work = async (): Promise<void> => {
    const measuring = openMeasuringElsewhere(options.models)
    try {
      for (let index = next++; index < files.length; index = next++) {
        results[index] = await one(measuring, files[index] ?? '', options)
        options.onProgress?.(++done)
      }
    } catch (error) {
      // The other processes stop, too.
      next = files.length
      throw error
    } finally {
      await measuring.close()
    }
  }
  const settled = await Promise.allSettled(Array.from({ length: options.processes }, work))
  for (const each of settled) if (each.status === 'rejected') throw each.reason
  return results
}
