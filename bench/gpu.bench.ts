/**
 * What does a picture, and a face, cost on each device of this machine, by the size of the batch? Milliseconds a run and
 * items a second for every provider that works here and agrees with the CPU, one thread on the CPU. Then the hardware
 * decoders that GStreamer has here. A few minutes; it needs the models and nothing else.
 *
 *   npm run bench -- gpu [--models DIR] [--runs N] [--batches 1,2,4,8,16]
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { checkGstreamer } from '../src/commands/doctor/gstreamer.ts'
import { seededRandom } from '../src/math/seeded-random.ts'
import { chooseModel, describeModels } from '../src/vision/model-files.ts'
import { allProviders, openSession } from '../src/vision/session.ts'
import { median } from './cpu-time.ts'

const sizes = { detector: { width: 640, height: 384 }, embedder: { width: 112, height: 112 } } as const

/** Median milliseconds of a run on noise, after two that warm up. */
const timeRuns = async (session: InferenceSession, dims: readonly number[], runs: number): Promise<number> => {
  const random = seededRandom(1)
  const values = Float32Array.from({ length: dims.reduce((all, side) => all * side, 1) }, () => random() * 4 - 2)
  const input = new Tensor('float32', values, dims)
  const ms: number[] = []
  for (let run = -2; run < runs; run++) {
    const startedAt = performance.now()
    await session.run({ [session.inputNames[0] ?? '']: input })
    if (run >= 0) ms.push(performance.now() - startedAt)
  }
  return median(ms)
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      models: { type: 'string', default: resolve(import.meta.dirname, '../models') },
      runs: { type: 'string', default: '20' },
      batches: { type: 'string', default: '1,2,4,8,16' },
    },
  })
  const files = await describeModels(values.models)
  for (const role of ['detector', 'embedder'] as const) {
    const model = chooseModel(files, values.models, role, 'auto')
    const usual = sizes[role]
    for (const provider of allProviders) {
      const settings = { providers: [provider], threads: 1, usual, onFallback: () => undefined }
      const opened = await openSession(model, settings, async () => undefined).catch((error: Error) => error)
      if (opened instanceof Error) {
        console.error(`${role} on ${provider}: ${opened.message.slice(0, 200)}`)
        continue
      }
      for (const batch of values.batches.split(',').map(Number)) {
        const dims = [batch, 3, usual.height, usual.width]
        const ms = await timeRuns(opened.session, dims, Number(values.runs))
        const perSecond = ((1000 * batch) / ms).toFixed(1)
        console.log(`${role}_${provider}_batch_${batch} ${ms.toFixed(2)} ms, ${perSecond} a second`)
      }
      await opened.session.release()
    }
  }
  const decoders = checkGstreamer().find(({ what }) => what === 'hardware decoders')
  console.log(`hardware_decoders ${decoders?.detail ?? 'unknown'}`)
}
