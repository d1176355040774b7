import { readFile } from 'node:fs/promises'
import { RollcallError } from '../../errors.ts'
import { findFace } from '../../evaluate/find-face.ts'
import type { LabelledPhoto } from '../../evaluate/labelled-photos.ts'
import { partAround, variantOf, variants } from '../../evaluate/paper/face-variants.ts'
import type { MeasuredFaces } from '../../evaluate/paper/tables.ts'
import { readPhoto } from '../../photos/read-photo.ts'
import type { EmbedderDescriptor } from '../../vision/descriptor.ts'
import type { FaceToEmbed } from '../../vision/embedder.ts'
import type { ModelFile } from '../../vision/model-files.ts'
import { multiplyAddsOf } from '../../vision/multiply-adds.ts'
import { readGraph } from '../../vision/onnx-graph.ts'
import { type EmbeddingsFile, type KnownFace, openEmbeddings, photoKey } from '../photos/embeddings-file.ts'
import { progress } from '../photos/progress.ts'
import { type OpenedModels, openPaperModels, type PaperFiles, type PaperOptions, pictureSide } from './paper-models.ts'

/** The embeddings of one photo: the first embedder's of each variant, then the others' of the plain one. None without a face. */
const measure = async (bytes: Uint8Array, { detector, embedders, decoder }: OpenedModels): Promise<KnownFace[]> => {
  const { picture } = await decoder.decode(bytes, pictureSide)
  const { face, how } = await findFace(picture, detector)
  if (how === 'centred') return []
  const part = partAround(picture, face)
  const faces: FaceToEmbed[] = []
  for (const variant of variants)
    faces.push({ full: await decoder.decode(await variantOf(part, variant), 64), ...part.face })
  const looks = await embedders[0].embed(faces)
  for (const other of embedders.slice(1)) looks.push(...(await other.embed(faces.slice(0, 1))))
  return looks.map((look) => ({ ...look, box: face.box, crop: null }))
}

/** What is known of photos by their content, or is measured now. */
const recalled = async (
  photo: LabelledPhoto,
  opened: OpenedModels,
  cache: EmbeddingsFile | null,
): Promise<readonly KnownFace[] | null> => {
  const bytes = await readPhoto(photo.file)
  const key = photoKey(bytes)
  const known = cache?.get(key)
  if (known) return known.unreadable === null ? known.faces : null
  const faces = await measure(bytes, opened)
  cache?.add(key, { unreadable: null, turn: 0, size: null, faces })
  return faces
}

/** Photos of a folder, measured, and those that gave nothing. */
export interface PaperFaces extends MeasuredFaces {
  /** By photo. */
  readonly files: readonly string[]
  readonly withoutFace: number
  readonly unreadable: readonly string[]
}

const multiplyAddsIn = async ({ file, descriptor }: ModelFile): Promise<number | null> => {
  try {
    return multiplyAddsOf(readGraph(await readFile(file)), (descriptor as EmbedderDescriptor).side)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/**
 * Embeds each photo in every variant; says how far it is. Keeps embeddings only: 13 for a photo. Rejects with MODEL_RUN and what opening
 * models throws.
 */
export const measurePaper = async (
  list: readonly LabelledPhoto[],
  files: PaperFiles,
  options: PaperOptions,
): Promise<PaperFaces> => {
  await using owner = new AsyncDisposableStack()
  const opened = await openPaperModels(files, owner)
  const names = [files.detector, ...files.embedders].map(({ sha256 }) => sha256)
  const cache =
    options.cache === undefined ? null : openEmbeddings(options.cache, JSON.stringify({ paper: 1, names, variants }))
  const tell = progress(list.length, 'photos')
  const people: string[] = []
  const used: string[] = []
  const vectors = Array.from({ length: variants.length + files.embedders.length - 1 }, (): Float32Array[] => [])
  const unreadable: string[] = []
  let withoutFace = 0
  for (const [i, photo] of list.entries()) {
    const faces = await recalled(photo, opened, cache).catch((error: unknown) => {
      if (error instanceof RollcallError && error.code === 'USAGE') return null
      throw error
    })
    if (faces === null) unreadable.push(photo.file)
    else if (faces.length === 0) withoutFace++
    else {
      people.push(photo.person)
      used.push(photo.file)
      for (const [k, { embedding }] of faces.entries()) vectors[k]?.push(embedding)
    }
    tell(i + 1)
  }
  const others = [vectors[0] ?? [], ...vectors.slice(variants.length)]
  const models: MeasuredFaces['models'][number][] = []
  for (const [k, file] of files.embedders.entries())
    models.push({ name: file.name, multiplyAdds: await multiplyAddsIn(file), vectors: others[k] ?? [] })
  return {
    embedder: files.embedders[0].name,
    people,
    files: used,
    byVariant: vectors.slice(0, variants.length),
    models,
    withoutFace,
    unreadable,
  }
}
