import { seededRandom, shuffled } from '../../math/seeded-random.ts'
import type { Photo } from '../../photos/photo.ts'
import type { Found } from '../find-face.ts'
import type { LabelledPhoto } from '../labelled-photos.ts'
import { type Spoiling, spoilt } from './spoilt-photo.ts'

/** The shares of photos that are made grey and poor, 0 to 1, drawn each for itself: some are both. */
export interface SpoiltShares {
  readonly grey: number
  readonly poor: number
}

/** Photos of one kind, and in how many of them a face was found. */
export interface KindOfPhoto {
  readonly kind: 'as they are' | 'grey' | 'poor' | 'grey and poor'
  readonly photos: number
  readonly found: number
}

/** Such as `in 9 of 10 photos grey, in 4 of 4 photos poor`. */
export const kindsInWords = (kinds: readonly KindOfPhoto[]): string =>
  kinds.map(({ kind, photos, found }) => `in ${found} of ${photos} photos ${kind}`).join(', ')

/** Which of the photos are spoilt, and how. */
export interface Drawn {
  /** The photo as it is to be looked at. */
  readonly change: (photo: Photo, of: LabelledPhoto) => Photo
  readonly isSpoilt: (of: LabelledPhoto) => boolean
  /** What was found in the photos, by kind; kinds without photos are left out. */
  readonly kinds: (photos: readonly (LabelledPhoto & { readonly how: Found })[]) => KindOfPhoto[]
}

const asItIs: Spoiling = { grey: false, poor: false }

const kindOf = ({ grey, poor }: Spoiling): KindOfPhoto['kind'] => {
  if (grey) return poor ? 'grey and poor' : 'grey'
  return poor ? 'poor' : 'as they are'
}

/** Draws the shares of `photos`. What is drawn, and all noise, depends on the files' order and the seed only. */
export const drawSpoilt = (photos: readonly LabelledPhoto[], shares: SpoiltShares, seed: number): Drawn => {
  const random = seededRandom(seed)
  const draw = (share: number): ReadonlySet<string> => {
    const files = photos.map(({ file }) => file)
    return new Set(shuffled(files, random).slice(0, Math.round(share * files.length)))
  }
  const [grey, poor] = [draw(shares.grey), draw(shares.poor)]
  const noise = new Map(photos.map(({ file }) => [file, random() * 2 ** 32]))
  const spoilingOf = ({ file }: LabelledPhoto): Spoiling => ({ grey: grey.has(file), poor: poor.has(file) })
  const isSpoilt = (of: LabelledPhoto): boolean => kindOf(spoilingOf(of)) !== kindOf(asItIs)
  return {
    isSpoilt,
    change: (photo, of) =>
      isSpoilt(of) ? spoilt(photo, spoilingOf(of), seededRandom(noise.get(of.file) ?? 0)) : photo,
    kinds: (embedded) =>
      [...Map.groupBy(embedded, (photo) => kindOf(spoilingOf(photo)))].map(([kind, own]) => ({
        kind,
        photos: own.length,
        found: own.filter(({ how }) => how !== 'centred').length,
      })),
  }
}
