import { env, InferenceSession, listSupportedBackends, type Tensor } from 'onnxruntime-node'
import { RollcallError } from '../errors.ts'
import { type Arithmetic, fasterOf, isQuantised } from './arithmetic.ts'

export type Provider = 'tensorrt' | 'cuda' | 'cpu'

/** Called once for each provider that could not be used; `to` is the one tried next. */
export type OnFallback = (model: string, from: Provider, to: Provider, reason: string) => void

// Whatever goes wrong arrives here as an exception; the runtime's own lines on stderr would only repeat it.
env.logLevel = 'fatal'

const auto: readonly Provider[] = ['tensorrt', 'cuda', 'cpu']

/** The providers to try, in order. The CPU is always the last resort when the choice is left to Rollcall. */
export const providerOrder = (wanted: 'auto' | readonly Provider[]): readonly Provider[] =>
  wanted === 'auto' ? auto : [...new Set(wanted)]

/**
 * Providers this build of ONNX Runtime can load; whether their libraries are installed shows only when one is tried.
 */
export const providersBuiltIn = (): Provider[] => {
  const names = new Set(listSupportedBackends().map((backend) => backend.name))
  return auto.filter((provider) => names.has(provider))
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
  // Spinning costs 96 ms instead of 38 when other processes share the cores.
  extra: {
    session: {
      intra_op: { allow_spinning: '0' },
      inter_op: { allow_spinning: '0' },
      // Rounds as before, but multiplies floating-point numbers.
      disable_quant_qdq: arithmetic === 'fp32' ? '1' : '0',
    },
  },
})

/** The first line, and no longer than a log line should be. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 200) ?? ''

export interface OpenSession<Trial> {
  readonly session: InferenceSession
  readonly provider: Provider
  readonly arithmetic: Arithmetic
  /** What the trial run found out about the model. */
  readonly trial: Trial
}

/**
 * Opens `file` on the first provider that can both load and run it. `trial` runs the model once: a GPU that is there
 * but does not work shows only then. On the CPU a quantised model runs in the arithmetic that is faster there. A
 * RollcallError of the trial is about the model, not the provider, and is final.
 *
 * Throws MODEL_INVALID when no provider takes it.
 */
export const openSession = async <Trial>(
  model: { readonly file: string; readonly name: string },
  options: { readonly providers: readonly Provider[]; readonly threads: number; readonly onFallback: OnFallback },
  trial: (session: InferenceSession) => Promise<Trial>,
): Promise<OpenSession<Trial>> => {
  const failures: string[] = []
  const quantised = await isQuantised(model.file).catch(() => false)
  for (const [index, provider] of options.providers.entries()) {
    let session: InferenceSession | null = null
    const open = (arithmetic: Arithmetic): Promise<InferenceSession> =>
      InferenceSession.create(model.file, sessionOptions(provider, options.threads, arithmetic))
    try {
      const choice =
        provider === 'cpu' && quantised
          ? await fasterOf(open, trial)
          : ({ session: await open('int8'), arithmetic: quantised ? 'int8' : 'fp32' } as const)
      session = choice.session
      return { ...choice, provider, trial: await trial(session) }
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

/** Runs the model and gives its outputs in the graph's order. Throws MODEL_RUN. */
export const runSession = async (
  session: InferenceSession,
  name: string,
  input: Tensor,
): Promise<readonly InferenceSession.OnnxValueMapType[string][]> => {
  try {
    const outputs = await session.run({ [session.inputNames[0] ?? '']: input })
    return session.outputNames.map((output) => outputs[output] as Tensor)
  } catch (cause) {
    throw new RollcallError('MODEL_RUN', `${name}: ${reasonOf(cause)} (input ${input.dims.join('×')})`, {
      remedy: 'Look at the memory of the device; `rollcall doctor` tries every model.',
      cause,
    })
  }
}
