import { basename, dirname } from 'node:path'
import type { Found } from '../../src/evaluate/find-face.ts'
import type { LabelledPhoto } from '../../src/evaluate/labelled-photos.ts'

/** A photo as another program saw it. */
export interface PeerPhoto extends LabelledPhoto {
  readonly how: Found
  /** Of any length: some embedders do not normalise. */
  readonly embedding: ArrayLike<number>
}

/** A photo's folder and name: programs may have been started with other paths to the same photos. */
const nameOf = (file: string): string => `${basename(dirname(file))}/${basename(file)}`

/** The photos of `list` that the JSON lines (`file`, `how`, `embedding`) have, in the order of `list`. Throws for none. */
export const parsePeerPhotos = (text: string, list: readonly LabelledPhoto[]): PeerPhoto[] => {
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Omit<PeerPhoto, 'person'>)
  const found = new Map(lines.map((line) => [nameOf(line.file), line]))
  const photos = list.flatMap((photo) => {
    const line = found.get(nameOf(photo.file))
    return line ? [{ ...photo, how: line.how, embedding: line.embedding }] : []
  })
  if (photos.length === 0) throw new Error('the file of the other program has none of these photos')
  return photos
}

/** The squared Euclidean distance. */
export const squaredL2 = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2
  return sum
}
