import type { DetectorDescriptor, EmbedderDescriptor } from './descriptor.ts'
import { openDetector } from './detector.ts'
import { openEmbedder } from './embedder.ts'
import { describeModels, type ModelFile } from './model-files.ts'
import { openSession, type Provider, providersBuiltIn } from './session.ts'

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
  /** Whether it can load a model here. `reason` says why not. */
  readonly works: boolean
  readonly reason?: string
}

/** Tries to load `model` on every provider. Only this shows whether a GPU's driver and libraries are installed. */
export const diagnoseProviders = async (model: Pick<ModelFile, 'file' | 'name'>): Promise<ProviderState[]> => {
  const builtIn = new Set(providersBuiltIn())
  const states: ProviderState[] = []
  for (const provider of ['tensorrt', 'cuda', 'cpu'] as const) {
    try {
      const { session } = await openSession(model, { ...settings, providers: [provider] }, async () => undefined)
      await session.release()
      states.push({ provider, builtIn: builtIn.has(provider), works: true })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      states.push({ provider, builtIn: builtIn.has(provider), works: false, reason })
    }
  }
  return states
}
