import type { DetectorDescriptor, EmbedderDescriptor } from './descriptor.ts'
import { openDetector } from './detector.ts'
import { openEmbedder } from './embedder.ts'
import { describeModels, type ModelFile } from './model-files.ts'
import { openSession, type Provider, providersBuiltIn } from './session.ts'

const settings = { providers: ['cpu'] as const, threads: 1, batchSizes: [1], onFallback: () => undefined }

/** Opens one described model on the CPU; gives what is wrong with it. */
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

/** Like `describeModels`, but also opens and runs every model once, so that `problem` says all that is known. */
export const diagnoseModels = async (directory: string): Promise<ModelFile[]> => {
  const models: ModelFile[] = []
  for (const model of await describeModels(directory)) {
    const problem = model.problem ?? ((await tryModel(model)) as ModelFile['problem'])
    models.push(problem === undefined ? model : { ...model, problem })
  }
  return models
}

export interface ProviderState {
  readonly provider: Provider
  /** Whether this build of ONNX Runtime knows it. */
  readonly builtIn: boolean
  /** Whether it can load a model here; the reason when not. */
  readonly works: boolean
  readonly reason?: string
}

/** Tries to load `model` on every provider: whether a GPU's libraries and driver are there shows only so. */
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
