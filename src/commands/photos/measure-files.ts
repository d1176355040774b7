import { availableParallelism } from 'node:os'
import { type MeasureManyOptions, measureMany } from '../../photos/measure-many.ts'
import { modelsOf, type PhotoValues } from './options.ts'
import { progress } from './progress.ts'

/** Fewer photos are done before a second process has loaded its models. */
const leastEach = 8

/** Measures files on all cores and shows how far it is; see `measureMany`. Throws MODEL_MISSING, MODEL_INVALID and MODEL_RUN. */
export const measureFiles = <T>(
  files: readonly string[],
  values: PhotoValues,
  options: Pick<MeasureManyOptions<T>, 'crops' | 'recall' | 'keep'>,
): Promise<T[]> =>
  measureMany(files, {
    ...options,
    models: modelsOf(values),
    processes: Math.min(availableParallelism(), Math.ceil(files.length / leastEach)),
    onProgress: progress(files.length, 'photos'),
  })
