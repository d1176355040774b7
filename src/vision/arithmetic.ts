import { readFile } from 'node:fs/promises'
import type { InferenceSession } from 'onnxruntime-node'

/** Whether a model calculates with 8-bit integers or with 32-bit floating-point numbers. */
export type Arithmetic = 'int8' | 'fp32'

/** int8 has won when fp32 is not clearly faster after so many rounds; fp32 only after `mostRounds`. */
const fewestRounds = 6
const mostRounds = 30
/**
 * fp32 has to take less than this share of int8's time. Its results differ in the third decimal, so the choice must be
 * the same at each start. Where int8 has its own instructions (AVX2, VNNI, NEON) it takes half the time, far from this
 * limit.
 */
const clearly = 0.8

/** Whether the graph has the operators of a quantised model (QDQ format). Rejects when the file cannot be read. */
export const isQuantised = async (file: string): Promise<boolean> => (await readFile(file)).includes('DequantizeLinear')

/**
 * Takes int8, unless fp32 is clearly faster on this machine. Opens the model both ways, times both in turn, and
 * releases the slower session. The fastest run of each counts, because slower ones were disturbed by other work; on a busy
 * machine fp32 must be clearly faster for longer, so that two processes choose the same.
 */
export const fasterOf = async (
  open: (arithmetic: Arithmetic) => Promise<InferenceSession>,
  run: (session: InferenceSession) => Promise<unknown>,
): Promise<{ readonly session: InferenceSession; readonly arithmetic: Arithmetic }> => {
  const opened: InferenceSession[] = []
  try {
    for (const arithmetic of ['int8', 'fp32'] as const) opened.push(await open(arithmetic))
    const bestMs = opened.map(() => Infinity)
    let isFp32Faster = true
    for (let round = 1; round <= mostRounds && (isFp32Faster || round <= fewestRounds); round++) {
      for (const [i, session] of opened.entries()) {
        const startedAt = performance.now()
        await run(session)
        bestMs[i] = Math.min(bestMs[i] as number, performance.now() - startedAt)
      }
      isFp32Faster = (bestMs[1] as number) < clearly * (bestMs[0] as number)
    }
    const [int8, fp32] = opened as [InferenceSession, InferenceSession]
    await (isFp32Faster ? int8 : fp32).release()
    return isFp32Faster ? { session: fp32, arithmetic: 'fp32' } : { session: int8, arithmetic: 'int8' }
  } catch (error) {
    for (const session of opened) await session.release()
    throw error
  }
}
