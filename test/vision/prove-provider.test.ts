import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { afterEach, describe, expect, it } from 'vitest'
import { objectionTo } from '../../src/vision/prove-provider.ts'
import { shippedModels } from '../support/footage.ts'
import { constantModel } from './onnx-graph.ts'

const usual = { width: 96, height: 64 }
const opened: InferenceSession[] = []
afterEach(async () => {
  for (const session of opened.splice(0)) await session.release()
})

const open = async (model: string | Uint8Array): Promise<InferenceSession> => {
  const session = await (typeof model === 'string'
    ? InferenceSession.create(model)
    : InferenceSession.create(Buffer.from(model)))
  opened.push(session)
  return session
}
const answering = (...values: number[]) =>
  open(constantModel([1, 3, 'height', 'width'], [{ name: 'answer', dims: [1, values.length], values }]))

/** The session, each run of which takes so much longer. */
const delayed = (session: InferenceSession, ms: number): InferenceSession =>
  new Proxy(session, {
    get: (target, key) => {
      if (key !== 'run') return Reflect.get(target, key)
      return async (...given: Parameters<InferenceSession['run']>) => {
        await new Promise((resolve) => setTimeout(resolve, ms))
        return target.run(...given)
      }
    },
  })

describe('objectionTo', () => {
  it('has none when a real model says the same', async () => {
    const file = join(shippedModels, 'detector.onnx')
    expect(await objectionTo(await open(file), [await open(file)], { usual, isTimed: false })).toBeNull()
  })

  it.each([
    ['other numbers', [1, 2, 3.8]],
    ['zeros', [0, 0, 0]],
    ['no numbers', [1, Number.NaN, 3]],
    ['an infinite one', [1, 2, Infinity]],
  ])('objects to %s', async (_what, wrong) => {
    const [gpu, cpu] = [await answering(...wrong), await answering(1, 2, 3)]
    expect(await objectionTo(gpu, [cpu], { usual, isTimed: false })).toMatch(/^its results are not those of the CPU/)
  })

  it('lets the last digits differ', async () => {
    const [gpu, cpu] = [await answering(1, 2, 3.01), await answering(1, 2, 3)]
    expect(await objectionTo(gpu, [cpu], { usual, isTimed: false })).toBeNull()
  })

  it('objects to what is slower than any form of the model on the CPU', async () => {
    const fast = await answering(1)
    const slow = delayed(await answering(1), 20)
    expect(await objectionTo(slow, [fast], { usual, isTimed: true })).toMatch(/^it is not clearly faster.*ms/)
    expect(await objectionTo(slow, [delayed(fast, 100), fast], { usual, isTimed: true })).toMatch(/^it is not clearly/)
    expect(await objectionTo(fast, [slow], { usual, isTimed: true })).toBeNull()
  })
})
