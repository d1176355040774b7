import { readFile } from 'node:fs/promises'
import type { InferenceSession } from 'onnxruntime-node'

/** Whether a model calculates with whole numbers of eight bits. */
export type Arithmetic = 'int8' | 'fp32'

const rounds = 6
/**
 * How much faster fp32 has to be. Its results differ in the third decimal, so the choice has to be the same at each
 * start; where int8 has instructions of its own (AVX2, VNNI, NEON) it takes half the time, far from this.
 */
const clearly = 0.8

/** Whether the graph has the operators of a model that was quantised (QDQ format). */
export const isQuantised = async (file: string): Promise<boolean> => (await readFile(file)).includes('DequantizeLinear')

/**
 * Int8 unless the machine is clearly faster without: opens the model both ways, times them in turn and releases the one
 * that lost. The fastest run of each counts, for what is slower was disturbed.
 */
export const fasterOf = async (
  open: (arithmetic: Arithmetic) => Promise<InferenceSession>,
  run: (session: InferenceSession) => Promise<unknown>,
): Promise<{ readonly session: InferenceSession; readonly arithmetic: Arithmetic }> => {
  const opened: InferenceSession[] = []
  try {
    for (const arithmetic of ['int8', 'fp32'] as const) opened.push(await open(arithmetic))
    const bestMs = opened.map(() => Infinity)
    for (let round = 0; round < rounds; round++)
      for (const [i, session] of opened.entries()) {
        const startedAt = performance.now()
        await run(session)
        bestMs[i] = Math.min(bestMs[i] as number, performance.now() - startedAt)
      }
    const [int8, fp32] = opened as [InferenceSession, InferenceSession]
    const isFp32Faster = (bestMs[1] as number) < clearly * (bestMs[0] as number)
    await (isFp32Faster ? int8 : fp32).release()
    return isFp32Faster ? { session: fp32, arithmetic: 'fp32' } : { session: int8, arithmetic: 'int8' }
  } catch (error) {
    for (const session of opened) await session.release()
    throw error
  }
}
