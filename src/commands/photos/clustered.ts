import { basename, dirname } from 'node:path'
import { type ClusteringScores, scoreClustering } from '../../evaluate/clustering.ts'
import { mainFace } from '../../photos/main-face.ts'
import { type ClusterMethod, type ClusterSetup, clusterBy } from '../../recognition/cluster-by.ts'
import type { KnownFace, KnownPhoto } from './embeddings-file.ts'

/** A face in one of the photos. */
export interface PlacedFace extends KnownFace {
  readonly file: string
  readonly turn: number
}

/** The photos, divided into people. */
export interface Clustered {
  readonly method: ClusterMethod
  /** Who is in most photos first. */
  readonly people: readonly (readonly PlacedFace[])[]
  /** Faces too poor to say who they are. */
  readonly poor: readonly PlacedFace[]
  readonly withoutFace: readonly string[]
  readonly unreadable: readonly { readonly file: string; readonly why: string }[]
  /** With the folder of each photo for the truth about the face it is about; null when that was not asked for. */
  readonly scores: ClusteringScores | null
}

/** How photos are clustered. */
export interface ClusterOptions {
  readonly method: ClusterMethod
  readonly setup: ClusterSetup
  /** Faces of a lower quality are left out, because poor faces are all alike. */
  readonly minQuality: number
  /** Whether the folder of a photo says who it is about. */
  readonly hasTruth: boolean
}

/** The score of the faces that the photos are about; those without a person are each a cluster of its own. */
const scored = (
  photos: readonly { readonly file: string; readonly photo: KnownPhoto }[],
  personOf: ReadonlyMap<KnownFace, number>,
): ClusteringScores | null => {
  const labels = photos.flatMap(({ file, photo: { faces, size } }, i) => {
    const face = size && mainFace(faces, size)
    const person = face && personOf.get(face)
    return face ? [{ truth: basename(dirname(file)), predicted: person === undefined ? `none ${i}` : `${person}` }] : []
  })
  return labels.length === 0 ? null : scoreClustering(labels)
}

/** Divides the faces of measured photos into people. Throws what `clusterBy` throws. */
export const clusterPhotos = (
  photos: readonly { readonly file: string; readonly photo: KnownPhoto }[],
  { method, setup, minQuality, hasTruth }: ClusterOptions,
): Clustered => {
  const all = photos.flatMap(({ file, photo }, index) =>
    photo.faces.map((face) => ({
      face,
      quality: face.quality.overall,
      photo: index,
      embedding: face.embedding,
      placed: { ...face, file, turn: photo.turn },
    })),
  )
  const good = all.filter(({ quality }) => quality >= minQuality)
  const groups = clusterBy(method, good, setup)
  const personOf = new Map(
    groups.flatMap((members, id) => members.flatMap((i) => (good[i] ? [[good[i].face, id] as const] : []))),
  )
  return {
    method,
    people: groups.map((members) => members.flatMap((i) => good[i]?.placed ?? [])),
    poor: all.filter(({ quality }) => quality < minQuality).map(({ placed }) => placed),
    withoutFace: photos
      .filter(({ photo }) => photo.unreadable === null && photo.faces.length === 0)
      .map(({ file }) => file),
    unreadable: photos.flatMap(({ file, photo: { unreadable } }) =>
      unreadable === null ? [] : [{ file, why: unreadable }],
    ),
    scores: hasTruth ? scored(photos, personOf) : null,
  }
}
