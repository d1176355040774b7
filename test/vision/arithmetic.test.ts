import { resolve } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { type Arithmetic, fasterOf, isQuantised } from '../../src/vision/arithmetic.ts'
import { openSession } from '../../src/vision/session.ts'

const models = resolve(import.meta.dirname, '../../models')
const embedder = { file: `${models}/embedder.onnx`, name: 'embedder' }
const input = new Tensor(
  'float32',
  Float32Array.from({ length: 3 * 112 ** 2 }, (_, i) => Math.sin(i / 40)),
  [1, 3, 112, 112],
)
const run = async (session: InferenceSession): Promise<Float32Array> =>
  Object.values(await session.run({ [session.inputNames[0] ?? '']: input }))[0]?.data as Float32Array

test('the embedder is quantised, the detector is not', async () => {
  expect(await isQuantised(embedder.file)).toBe(true)
  expect(await isQuantised(`${models}/detector.onnx`)).toBe(false)
})

test.for<Arithmetic>(['int8', 'fp32'])('keeps the faster one and frees the other: %s', async (fast) => {
  const sessions = new Map<InferenceSession, Arithmetic>()
  const open = async (arithmetic: Arithmetic): Promise<InferenceSession> => {
    const session = await InferenceSession.create(embedder.file)
    sessions.set(session, arithmetic)
    return session
  }
  const chosen = await fasterOf(open, async (session) => {
    // As if this machine had no instructions for the other one.
    const until = performance.now() + (sessions.get(session) === fast ? 1 : 50)
    while (performance.now() < until);
  })
  expect(chosen.arithmetic).toBe(fast)
  expect(sessions.get(chosen.session)).toBe(fast)
  await run(chosen.session)
  const other = [...sessions.keys()].find((session) => session !== chosen.session) as InferenceSession
  await expect(run(other)).rejects.toThrow()
  await chosen.session.release()
})

test('opens the embedder in the arithmetic that it says, and both say the same about a face', async () => {
  const { session, arithmetic } = await openSession(
    embedder,
    { providers: ['cpu'], threads: 1, usual: { width: 112, height: 112 }, onFallback: () => undefined },
    run,
  )
  expect(['int8', 'fp32']).toContain(arithmetic)
  const extra = (disable: string) => ({ extra: { session: { disable_quant_qdq: disable } } })
  const [int8, fp32] = [
    await InferenceSession.create(embedder.file, extra('0')),
    await InferenceSession.create(embedder.file, extra('1')),
  ]
  const [a, b, ours] = [await run(int8), await run(fp32), await run(session)]
  const cosine = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0) / Math.hypot(...x) / Math.hypot(...y)
  expect(cosine(a, b)).toBeGreaterThan(0.98)
  expect(cosine(arithmetic === 'int8' ? a : b, ours)).toBeGreaterThan(0.9999)
  for (const each of [session, int8, fp32]) await each.release()
})
