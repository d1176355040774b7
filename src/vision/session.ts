import { existsSync, readdirSync } from 'node:fs'
import { env, InferenceSession, listSupportedBackends, type Tensor } from 'onnxruntime-node'
import { RollcallError } from '../errors.ts'
import { type Arithmetic, fasterOf, isQuantised } from './arithmetic.ts'
import type { Size } from './canvas.ts'
import { type ModelOutput, outputsOf } from './outputs.ts'
import { objectionTo } from './prove-provider.ts'

/** An execution provider of ONNX Runtime: where a model runs. */
export type Provider = 'tensorrt' | 'cuda' | 'webgpu' | 'cpu'

/** Called for each provider that could not be used. `to` is the one that is tried next. */
export type OnFallback = (model: string, from: Provider, to: Provider, reason: string) => void

// From 1.29 on ONNX Runtime reports models, errors and how long runs take to Microsoft, with an ID of the machine (its docs/Privacy.md).
// It looks here once, when the first session is opened; without it no ID and no file of reports is made either.
process.env.ORT_DISABLE_TELEMETRY = '1'
// Every failure is an exception here. The runtime's own lines on stderr would only repeat it.
env.logLevel = 'fatal'

/** All of them, the fastest first. */
export const allProviders: readonly Provider[] = ['tensorrt', 'cuda', 'webgpu', 'cpu']

/** Whether the kernel has a graphics device that Vulkan could drive. Without one WebGPU is not tried: it would complain on stderr. */
const hasGraphicsDevice = (): boolean => {
  if (existsSync('/dev/dxg')) return true
  const names = existsSync('/dev/dri') ? readdirSync('/dev/dri') : []
  return names.some((name) => name.startsWith('renderD'))
}

/**
 * The providers to try, in order. With `auto` they are TensorRT, CUDA, WebGPU where there is a graphics device, and then
 * the CPU.
 */
export const providerOrder = (
  wanted: 'auto' | readonly Provider[],
  hasDevice: () => boolean = hasGraphicsDevice,
): readonly Provider[] => {
  if (wanted !== 'auto') return [...new Set(wanted)]
  return allProviders.filter((provider) => provider !== 'webgpu' || hasDevice())
}

/** The providers in this build of ONNX Runtime. Whether their libraries are installed shows only when one is tried. */
export const providersBuiltIn = (): Provider[] => {
  const names = new Set(listSupportedBackends().map((backend) => backend.name))
  return allProviders.filter((provider) => names.has(provider))
}

const sessionOptions = (
  provider: Provider,
  threads: number,
  arithmetic: Arithmetic,
): InferenceSession.SessionOptions => ({
  executionProviders: [provider],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  // With spinning a run takes 96 ms instead of 38 when other processes share the cores.
  extra: {
    session: {
      intra_op: { allow_spinning: '0' },
      inter_op: { allow_spinning: '0' },
      // Rounds to 8 bits as before, but multiplies floating-point numbers.
      disable_quant_qdq: arithmetic === 'fp32' ? '1' : '0',
    },
  },
})

/** The first line of an error, at most 200 characters, for a log line. Dawn's own is a place in its source. */
const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  if (text.includes('WebGpuContext::Initialize')) return 'no GPU with a Vulkan driver was found'
  return text.split('\n', 1)[0]?.slice(0, 200) ?? ''
}

/** A session that has run once. Owned by whoever opened it, who releases it. */
export interface OpenSession<Trial> {
  readonly session: InferenceSession
  readonly provider: Provider
  readonly arithmetic: Arithmetic
  /** The result of the trial run. */
  readonly trial: Trial
}

/** Where a model may run, and on what. */
export interface SessionSettings {
  readonly providers: readonly Provider[]
  readonly threads: number
  /** The size of its pictures, where the graph leaves it open: a GPU is timed on it. */
  readonly usual: Size
  readonly onFallback: OnFallback
}

/**
 * Opens `file` on the first provider that can load and run it. `trial` runs the model once, because a GPU that does not
 * work shows only then. A GPU has to agree with the CPU; where the CPU is in the list too, it also has to be faster. On
 * the CPU a quantised model runs in the arithmetic that is faster there.
 *
 * Throws MODEL_INVALID when no provider works. A RollcallError of `trial` is about the model and is thrown at once.
 */
export const openSession = async <Trial>(
  model: { readonly file: string; readonly name: string },
  options: SessionSettings,
  trial: (session: InferenceSession) => Promise<Trial>,
): Promise<OpenSession<Trial>> => {
  const failures: string[] = []
  const quantised = await isQuantised(model.file).catch(() => false)
  for (const [index, provider] of options.providers.entries()) {
    let session: InferenceSession | null = null
    const openOn =
      (where: Provider) =>
      (arithmetic: Arithmetic): Promise<InferenceSession> =>
        InferenceSession.create(model.file, sessionOptions(where, options.threads, arithmetic))
    const open = openOn(provider)
    try {
      const choice =
        provider === 'cpu' && quantised
          ? await fasterOf(open, trial)
          : ({ session: await open('int8'), arithmetic: quantised ? 'int8' : 'fp32' } as const)
      session = choice.session
      const result = await trial(session)
      if (provider !== 'cpu') await prove(session, openOn('cpu'), { ...options, quantised })
      return { ...choice, provider, trial: result }
    } catch (error) {
      await session?.release()
      if (error instanceof RollcallError) throw error
      const reason = reasonOf(error)
      failures.push(`${provider}: ${reason}`)
      const next = options.providers[index + 1]
      if (next) options.onFallback(model.name, provider, next, reason)
    }
  }
  throw new RollcallError('MODEL_INVALID', `${model.file}: cannot be loaded (${failures.join('; ')})`, {
    remedy: options.providers.includes('cpu')
      ? 'Check that the file is a complete ONNX model (compare its SHA-256 with the source).'
      : 'Add cpu to models.providers, or install the libraries of the GPU provider.',
  })
}

/** Throws with the reason when the GPU of `session` is wrong or slower than the CPU. */
const prove = async (
  session: InferenceSession,
  openOnCpu: (arithmetic: Arithmetic) => Promise<InferenceSession>,
  { providers, usual, quantised }: SessionSettings & { readonly quantised: boolean },
): Promise<void> => {
  const onCpu: InferenceSession[] = []
  try {
    for (const form of quantised ? (['int8', 'fp32'] as const) : (['fp32'] as const)) onCpu.push(await openOnCpu(form))
    const objection = await objectionTo(session, onCpu, { usual, isTimed: providers.includes('cpu') })
    if (objection !== null) throw new Error(objection)
  } finally {
    for (const each of onCpu) await each.release()
  }
}

/** Runs the model and returns its outputs in the graph's order. Throws MODEL_RUN. */
export const runSession = async (
  session: InferenceSession,
  name: string,
  input: Tensor,
): Promise<readonly ModelOutput[]> => {
  try {
    return await outputsOf(session, input)
  } catch (cause) {
    throw new RollcallError('MODEL_RUN', `${name}: ${reasonOf(cause)} (input ${input.dims.join('×')})`, {
      remedy: 'Look at the memory of the device; `rollcall doctor` tries every model.',
      cause,
    })
  }
}
