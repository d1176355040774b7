// The process that measures photos for the identity process: runs of a model would block its event loop.
import { RollcallError } from '../errors.ts'
import { silent } from '../silent-log.ts'
import type { MeasureAnswer, MeasureJob } from './measure-elsewhere.ts'
import { type Measuring, openMeasuring } from './measuring.ts'
import type { MeasuredPhoto } from './review-photos.ts'

let opened: Promise<Measuring> | undefined

const work = async ({ models, photos, extras }: MeasureJob): Promise<MeasureAnswer> => {
  try {
    // A provider that cannot be used has been told of by the vision processes.
    const measuring = await (opened ??= openMeasuring(models, silent))
    const measured: MeasuredPhoto[] = []
    for (const { file, bytes } of photos) measured.push(await measuring.measure(file, async () => bytes, extras))
    return { type: 'measured', embedder: measuring.embedder, photos: measured }
  } catch (error) {
    opened = undefined
    const known = error instanceof RollcallError ? error : null
    return { type: 'failed', code: known?.code ?? 'PIPELINE', message: (error as Error).message, remedy: known?.remedy }
  }
}

process.on('message', (job: MeasureJob) => {
  void work(job).then((answer) => {
    if (process.connected) process.send?.(answer)
  })
})
// The parent is gone, or needs this no more. The decoding process ends with its stdin.
process.on('disconnect', () => process.exit(0))
