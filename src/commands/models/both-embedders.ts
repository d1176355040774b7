import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { RollcallError } from '../../errors.ts'
import { type DetectorDescriptor, type EmbedderDescriptor, qualityScoresOf } from '../../vision/descriptor.ts'
import { type Detector, openDetector } from '../../vision/detector.ts'
import { type Embedder, openEmbedder } from '../../vision/embedder.ts'
import type { MappedEmbedder } from '../../vision/embedding-map.ts'
import { chooseModel, describeModels, type ModelFile } from '../../vision/model-files.ts'
import { modelOptions, shippedModels } from '../../vision/options.ts'
import { providerOrder } from '../../vision/session.ts'

/** The detector and the two embedders of a migration. */
export interface MigrationFiles {
  readonly detector: ModelFile
  readonly old: ModelFile
  readonly fresh: ModelFile
}

/** Which models a migration is about: names in `models`, or paths of .onnx files. */
export interface MigrationModels {
  readonly old: string
  readonly fresh: string
  readonly models?: string | undefined
  readonly detector?: string | undefined
}

const embedderAt = async (word: string, directory: string): Promise<ModelFile> => {
  const isPath = word.includes('/') || (word.endsWith('.onnx') && existsSync(word))
  const folder = isPath ? dirname(word) : directory
  return chooseModel(await describeModels(folder), folder, 'embedder', isPath ? basename(word) : word)
}

/** Finds the models. Throws MODEL_MISSING, MODEL_INVALID, and USAGE for two names of one model. */
export const findBoth = async ({ old, fresh, models, detector }: MigrationModels): Promise<MigrationFiles> => {
  const directory = models ?? shippedModels
  const files = [await embedderAt(old, directory), await embedderAt(fresh, directory)] as const
  if (files[0].sha256 === files[1].sha256)
    throw new RollcallError('USAGE', `models migrate: ${old} and ${fresh} are the same model`, {
      remedy: 'name the embedder that the people were learned with, then the new one',
    })
  const found = await describeModels(directory)
  const hasOne = found.some(({ role }) => role === 'detector')
  const folder = hasOne ? directory : shippedModels
  const finder = chooseModel(hasOne ? found : await describeModels(folder), folder, 'detector', detector ?? 'auto')
  return { detector: finder, old: files[0], fresh: files[1] }
}

/** An embedder as maps and states name it. */
export const named = ({ name, sha256, descriptor }: ModelFile): MappedEmbedder => ({
  name,
  sha256,
  dimensions: (descriptor as EmbedderDescriptor).dimensions,
})

/** A detector, and an embedder that gives two embeddings for each face: the old, then the new. */
export interface Both {
  readonly detector: Detector
  readonly embedder: Embedder
  close(): Promise<void>
}

/** Opens the three models. Throws MODEL_INVALID; nothing is left open then. */
export const openBoth = async ({ detector: finder, old, fresh }: MigrationFiles): Promise<Both> => {
  const options = modelOptions.parse({})
  const shared = { providers: providerOrder(options.providers), threads: options.threads, onFallback: () => undefined }
  await using owner = new AsyncDisposableStack()
  const about = finder.descriptor as DetectorDescriptor
  const detector = await openDetector(
    { ...finder, descriptor: about },
    { ...shared, side: options.side, minScore: null, nms: null, batchSizes: 'auto' },
  )
  owner.defer(() => detector.close())
  const open = async (file: ModelFile): Promise<Embedder> => {
    const embedder = await openEmbedder(
      { ...file, descriptor: file.descriptor as EmbedderDescriptor },
      { ...shared, batchSizes: 'auto', scores: qualityScoresOf(about) },
    )
    owner.defer(() => embedder.close())
    return embedder
  }
  const [first, second] = [await open(old), await open(fresh)]
  const kept = owner.move()
  return {
    detector,
    embedder: {
      ...second,
      embed: async (faces) => [...(await first.embed(faces)), ...(await second.embed(faces))],
    },
    close: () => kept.disposeAsync(),
  }
}
