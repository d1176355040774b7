import { basename, dirname } from 'node:path'
import { openPhotoDecoder, type PhotoDecoder } from '../../photos/decoder.ts'
import { type DetectorDescriptor, type EmbedderDescriptor, qualityScoresOf } from '../../vision/descriptor.ts'
import { type Detector, openDetector } from '../../vision/detector.ts'
import { type Embedder, openEmbedder } from '../../vision/embedder.ts'
import { chooseModel, describeModels, type ModelFile } from '../../vision/model-files.ts'
import { modelOptions, shippedModels } from '../../vision/options.ts'
import { providerOrder } from '../../vision/session.ts'

/** Which models measure, and where embeddings are kept. */
export interface PaperOptions {
  readonly models?: string | undefined
  readonly detector?: string | undefined
  readonly embedder?: string | undefined
  /** Paths of other embedders, for the table of models. */
  readonly compare: readonly string[]
  /** The file that embeddings are kept in; none when left out. */
  readonly cache?: string | undefined
}

/** The files that measure. */
export interface PaperFiles {
  readonly detector: ModelFile
  /** The one that every table is about comes first. */
  readonly embedders: readonly [ModelFile, ...ModelFile[]]
}

/** Finds the models. Throws MODEL_MISSING and MODEL_INVALID. */
export const paperFiles = async (options: PaperOptions): Promise<PaperFiles> => {
  const directory = options.models ?? shippedModels
  const files = await describeModels(directory)
  const embedders: [ModelFile, ...ModelFile[]] = [chooseModel(files, directory, 'embedder', options.embedder ?? 'auto')]
  for (const path of options.compare)
    embedders.push(chooseModel(await describeModels(dirname(path)), dirname(path), 'embedder', basename(path)))
  return { detector: chooseModel(files, directory, 'detector', options.detector ?? 'auto'), embedders }
}

/** Models and a decoder of photos, open. */
export interface OpenedModels {
  readonly detector: Detector
  /** In the order of the files. */
  readonly embedders: readonly [Embedder, ...Embedder[]]
  readonly decoder: PhotoDecoder
}

/** The longest side of the picture in which the face is looked for, and out of which it is cut; pixels. */
export const pictureSide = 1024
const { side, providers, threads } = modelOptions.parse({})

/** Opens what measures; `owner` closes it. Throws MODEL_INVALID. */
export const openPaperModels = async (
  { detector: finder, embedders }: PaperFiles,
  owner: AsyncDisposableStack,
): Promise<OpenedModels> => {
  const shared = {
    providers: providerOrder(providers),
    threads,
    batchSizes: 'auto',
    onFallback: () => undefined,
  } as const
  const about = finder.descriptor as DetectorDescriptor
  const detector = await openDetector({ ...finder, descriptor: about }, { ...shared, side, minScore: null, nms: null })
  owner.defer(() => detector.close())
  const openOne = async (file: ModelFile): Promise<Embedder> => {
    const model = { ...file, descriptor: file.descriptor as EmbedderDescriptor }
    const embedder = await openEmbedder(model, { ...shared, scores: qualityScoresOf(about) })
    owner.defer(() => embedder.close())
    return embedder
  }
  const opened: [Embedder, ...Embedder[]] = [await openOne(embedders[0])]
  for (const file of embedders.slice(1)) opened.push(await openOne(file))
  const decoder = openPhotoDecoder()
  owner.defer(() => decoder.close())
  return { detector, embedders: opened, decoder }
}
