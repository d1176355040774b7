import type { DetectorDescriptor, EmbedderDescriptor } from './descriptor.ts'
import { openDetector } from './detector.ts'
import { openEmbedder } from './embedder.ts'
import { describeModels, type ModelFile } from './model-files.ts'
import { allProviders, openSession, type Provider, providerOrder, providersBuiltIn } from './session.ts'

const settings = { providers: ['cpu'] as const, threads: 1, batchSizes: [1], onFallback: () => undefined }

/** Opens one described model on the CPU. Returns what is wrong with it; undefined when nothing is. */
const tryModel = async (model: ModelFile): Promise<unknown> => {
  try {
    const opened =
      model.role === 'embedder'
        ? await openEmbedder(
            { ...model, descriptor: model.descriptor as EmbedderDescriptor },
            { ...settings, scores: [0, 1] },
          )
        : await openDetector(
            { ...model, descriptor: model.descriptor as DetectorDescriptor },
            { ...settings, side: 1, minScore: null, nms: null },
          )
    await opened.close()
    return undefined
  } catch (problem) {
    return problem
  }
}

/**
 * Describes the models of a directory as `describeModels` does, and runs each once, so `problem` holds all that is
 * known. Throws MODEL_MISSING when the directory cannot be read.
 */
export const diagnoseModels = async (directory: string): Promise<ModelFile[]> => {
  const models: ModelFile[] = []
  for (const model of await describeModels(directory)) {
    const problem = model.problem ?? ((await tryModel(model)) as ModelFile['problem'])
    models.push(problem === undefined ? model : { ...model, problem })
  }
  return models
}

/** Whether one execution provider of ONNX Runtime can be used here. */
export interface ProviderState {
  readonly provider: Provider
  /** Whether this build of ONNX Runtime contains it. */
  readonly builtIn: boolean
  /** Whether it would be used here. `reason` says why not. */
  readonly works: boolean
  readonly reason?: string
}

/**
 * Tries `model`, with pictures of 640×384, on every provider, as `openSession` does: whether a GPU's driver and libraries are
 * installed, its results are right and it is faster than the CPU shows only then.
 */
export const diagnoseProviders = async (model: Pick<ModelFile, 'file' | 'name'>): Promise<ProviderState[]> => {
  const builtIn = new Set(providersBuiltIn())
  const states: ProviderState[] = []
  for (const provider of allProviders)
    states.push({ provider, builtIn: builtIn.has(provider), ...(await tryProvider(model, provider)) })
  return states
}

const tryProvider = async (
  model: Pick<ModelFile, 'file' | 'name'>,
  provider: Provider,
): Promise<Pick<ProviderState, 'works' | 'reason'>> => {
  if (!providerOrder('auto').includes(provider))
    return { works: false, reason: 'there is no graphics device (/dev/dri/renderD…)' }
  let reason = ''
  try {
    const opened = await openSession(
      model,
      {
        providers: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
        threads: 1,
        usual: { width: 640, height: 384 },
        onFallback: (_model, _from, _to, because) => {
          reason = because
        },
      },
      async () => undefined,
    )
    await opened.session.release()
    return opened.provider === provider ? { works: true } : { works: false, reason }
  } catch (error) {
    return { works: false, reason: error instanceof Error ? error.message : String(error) }
  }
}
