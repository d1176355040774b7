import type { EmbedderDescriptor } from './descriptor.ts'
import type { Embedder } from './embedder.ts'
import { chooseModel, describeModels, type ModelFile } from './model-files.ts'
import { type ModelOptions, shippedModels } from './options.ts'

/** The file of the configured embedder, which `loadModels` would load. Throws MODEL_MISSING or MODEL_INVALID. */
export const embedderFile = async ({
  directory,
  embedder,
}: Pick<ModelOptions, 'directory' | 'embedder'>): Promise<ModelFile> => {
  const folder = directory ?? shippedModels
  return chooseModel(await describeModels(folder), folder, 'embedder', embedder)
}

/** The configured embedder, without loading it. Throws MODEL_MISSING or MODEL_INVALID. */
export const chosenEmbedder = async (
  options: Pick<ModelOptions, 'directory' | 'embedder'>,
): Promise<Pick<Embedder, 'name' | 'sha256' | 'dimensions'>> => {
  const { name, sha256, descriptor } = await embedderFile(options)
  return { name, sha256, dimensions: (descriptor as EmbedderDescriptor).dimensions }
}
