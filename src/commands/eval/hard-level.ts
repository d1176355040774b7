import { RollcallError } from '../../errors.ts'
import { viewsOfPhoto } from '../../evaluate/composed-stream.ts'
import type { PhotoSet } from '../../evaluate/embed-photos.ts'
import { composeHardStream, peopleOfHardStream } from '../../evaluate/hard-stream.ts'
import { halfOf, type LabelledPhoto, listPhotos } from '../../evaluate/labelled-photos.ts'
import { drawSpoilt, type KindOfPhoto } from '../../evaluate/spoilt/draw.ts'
import type { StreamFrame } from '../../evaluate/stream.ts'
import { named } from '../arguments.ts'
import { wholeNumber } from './arguments.ts'
import { type PhotoOptions, readPhotos } from './photos.ts'
import { type SpoiltOptions, sharesOf } from './spoilt-shares.ts'

/** What the command line says of the hard level. */
export interface HardLevelOptions extends SpoiltOptions {
  readonly level?: string | undefined
  readonly photos?: string | undefined
  readonly people?: string | undefined
  readonly half?: string | undefined
}

/** The hard stream, and the photos that it is made of. */
export interface HardLevel {
  readonly set: PhotoSet
  readonly frames: StreamFrame[]
  /** What was found in the photos, when some were spoilt. */
  readonly kinds?: readonly KindOfPhoto[]
}

const refusal = (what: string, remedy: string): RollcallError => new RollcallError('USAGE', what, { remedy })

/** How many people `--people` draws; undefined when all. Throws USAGE. */
const peopleOf = ({ people }: HardLevelOptions): number | undefined => {
  if (people === undefined) return undefined
  const count = wholeNumber('--people', people, 0)
  if (count < 2) throw refusal(`--people: expected 2 or more, found ${count}`, 'for example --people 150')
  return count
}

/** The half of `--half`, as `halfOf` counts; undefined for everybody. Throws USAGE. */
const whichHalf = ({ half }: HardLevelOptions): 0 | 1 | undefined =>
  half === undefined ? undefined : named('half', half, { A: 0, B: 1 } as const, 'see rollcall eval identities --help')

/** Throws USAGE for options that do not fit the level or have no meaning, before the minutes of embedding. */
export const refuseHardOptions = (options: HardLevelOptions): void => {
  const hard = options.level === 'hard'
  if (hard && options.photos === undefined)
    throw refusal('--level hard: it is composed of photos, and --photos is missing', 'add --photos DIR')
  for (const [name, does] of [
    ['people', 'draws people'],
    ['half', 'divides people'],
    ['grey', 'spoils photos'],
    ['poor', 'spoils photos'],
  ] as const)
    if (!hard && options[name] !== undefined)
      throw refusal(`--${name}: only the hard level ${does}`, 'add --level hard')
  peopleOf(options)
  whichHalf(options)
  sharesOf(options)
}

/**
 * Embeds the photos of the people who are drawn, some of them spoilt, and composes them. A spoilt photo without a face is
 * left out: no camera would have seen anybody. Throws USAGE when nobody can return.
 */
export const hardLevel = async (
  options: HardLevelOptions & PhotoOptions & { readonly photos: string },
  seed: number,
): Promise<HardLevel> => {
  const all = await listPhotos(options.photos)
  const half = whichHalf(options)
  const from = half === undefined ? all : halfOf(all, half)
  const people = peopleOf(options)
  const draw = { seed, from, ...(people !== undefined && { people }) }
  const chosen = peopleOfHardStream(from, draw)
  const nobody = refusal(
    `${options.photos}: nobody has two photos with a face, so nobody can return`,
    'add photos of the same people',
  )
  if (chosen.size === 0) throw nobody
  const where = ({ person }: LabelledPhoto): boolean => chosen.has(person)
  const shares = sharesOf(options)
  const drawn = shares && drawSpoilt(from.filter(where), shares, seed)
  const set = await readPhotos({
    ...options,
    views: viewsOfPhoto,
    each: { where, ...(drawn && { change: drawn.change }) },
  })
  const seen = set.photos.filter((photo) => photo.how !== 'centred' || !drawn?.isSpoilt(photo))
  const frames = composeHardStream(seen, draw)
  if (frames.length === 0) throw nobody
  return { set, frames, ...(drawn && { kinds: drawn.kinds(set.photos) }) }
}
