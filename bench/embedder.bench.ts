/**
 * What does a face cost with the shipped embedder, and with the public one it was taught by? One thread, batches of one,
 * the two in turn in one run, so that whatever else the machine does weighs on both. And does a batch of several faces make each
 * cheaper? CPU milliseconds a face over those of batches of one, the sizes in turn.
 *
 *   npm run bench -- embedder [--models DIR] [--rounds N]
 */
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { seededRandom } from '../src/math/seeded-random.ts'
import { median } from './cpu-time.ts'

const shipped = resolve(import.meta.dirname, '../models/embedder.onnx')
const teacherName = 'mobilefacenet_foamliu.onnx'
const shape = [1, 3, 112, 112] as const
const batchSizes = [1, 2, 4, 8] as const
const mostFaces = 8
const runsARound = 5

/** As the program opens them: see `src/vision/session.ts`. */
const open = (file: string): Promise<InferenceSession> =>
  InferenceSession.create(file, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  })

/** Milliseconds of the fastest of a few runs: what is slower was disturbed. */
const fastestMs = async (session: InferenceSession, input: Tensor): Promise<number> => {
  let fastest = Infinity
  for (let run = 0; run < runsARound; run++) {
    const from = performance.now()
    await session.run({ [session.inputNames[0] ?? '']: input })
    fastest = Math.min(fastest, performance.now() - from)
  }
  return fastest
}

const noise = (faces: number): Tensor => {
  const random = seededRandom(1)
  const pixels = Float32Array.from({ length: faces * shape[1] * shape[2] * shape[3] }, () => random() * 4 - 2)
  return new Tensor('float32', pixels, [faces, ...shape.slice(1)])
}

/** CPU milliseconds a face for each batch size: the least of the rounds. */
const byBatch = async (session: InferenceSession, rounds: number): Promise<readonly number[]> => {
  const inputs = batchSizes.map(noise)
  const least = batchSizes.map(() => Infinity)
  for (let round = 0; round < rounds; round++)
    for (const [index, faces] of batchSizes.entries()) {
      const before = process.cpuUsage()
      for (let done = 0; done < mostFaces; done += faces)
        await session.run({ [session.inputNames[0] ?? '']: inputs[index] as Tensor })
      const { user, system } = process.cpuUsage(before)
      least[index] = Math.min(least[index] as number, (user + system) / 1000 / mostFaces)
    }
  return least
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      models: {
        type: 'string',
        default: process.env.ROLLCALL_MODELS ?? resolve(import.meta.dirname, '../../shared/models'),
      },
      rounds: { type: 'string', default: '100' },
    },
  })
  const input = noise(1)
  const teacher = join(values.models, teacherName)
  const files = existsSync(teacher) ? [shipped, teacher] : [shipped]
  if (files.length === 1) console.error(`SKIPPED: no teacher to compare with, ${teacher} is not there (--models DIR)`)
  const sessions = await Promise.all(files.map(open))
  for (const session of sessions) await fastestMs(session, input)
  const ms = sessions.map((): number[] => [])
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [index, session] of sessions.entries()) ms[index]?.push(await fastestMs(session, input))
  const [ours = [], theirs] = ms
  console.error(
    files.map((file, index) => `${basename(file)}: ${median(ms[index] ?? []).toFixed(2)} ms a face`).join(', '),
  )
  console.log(`embedder_ms_per_face ${median(ours).toFixed(3)}`)
  if (theirs) {
    console.log(`teacher_ms_per_face ${median(theirs).toFixed(3)}`)
    console.log(
      `embedder_ratio ${median(ours.map((value, index) => value / (theirs[index] ?? Number.NaN))).toFixed(3)}`,
    )
  }
  for (const [index, session] of sessions.entries()) {
    const [alone = Number.NaN, ...more] = await byBatch(session, Number(values.rounds))
    const name = index === 0 ? 'embedder' : 'teacher'
    for (const [i, ms] of more.entries())
      console.log(`${name}_batch_${batchSizes[i + 1]}_ratio ${(ms / alone).toFixed(3)}`)
    await session.release()
  }
}
