import type { EmbedderDescriptor } from './descriptor.ts'
import type { Embedder } from './embedder.ts'
import { chooseModel, describeModels } from './model-files.ts'
import { type ModelOptions, shippedModels } from './options.ts'

/** The embedder that `loadModels` would load, without loading it. Throws MODEL_MISSING or MODEL_INVALID. */
export const chosenEmbedder = async (
  options: ModelOptions,
): Promise<Pick<Embedder, 'name' | 'sha256' | 'dimensions'>> => {
  const directory = options.directory ?? shippedModels
  const chosen = chooseModel(await describeModels(directory), directory, 'embedder', options.embedder)
  const { dimensions } = chosen.descriptor as EmbedderDescriptor
  return { name: chosen.name, sha256: chosen.sha256, dimensions }
}
