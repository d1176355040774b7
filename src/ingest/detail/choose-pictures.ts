import type { BigPicture, BigPictures } from './big-pictures.ts'
import type { DecodeBudget } from './decode-budget.ts'
import type { SeenTracks, Wanted } from './seen-tracks.ts'
import type { StreamMatch } from './stream-match.ts'

/** What is known of a camera's two streams when a look is considered. */
export interface Considered {
  readonly pictures: BigPictures
  readonly match: StreamMatch
  readonly tracks: SeenTracks
  readonly budget: DecodeBudget
}

/** Pictures of one group that are to be decoded, in the order of time, and the faces that are wanted from them. */
export interface ChosenPictures {
  readonly pictures: readonly BigPicture[]
  readonly wanted: readonly Wanted[]
}

/** The most pictures that are decoded for one look. */
const MOST_PICTURES = 12
/** Later in its group a face is looked at again, so that three looks make a person (`identity.confirmFaces`, `confirmMs`). */
const AGAIN_AFTER_MS = [150, 300]

/** How many pictures have to be decoded for all of these. */
export const depthOf = (pictures: readonly BigPicture[]): number =>
  Math.max(...pictures.map((picture) => picture.pictures))

/**
 * Chooses what is decoded for the tracks that deserve a look; null when there is nothing, or nothing that can be afforded yet. A
 * track's first look is at a key picture and two later ones of its group, where that can be afforded: those cost little more.
 */
export const choosePictures = (considered: Considered): ChosenPictures | null => {
  const { pictures, match, tracks, budget } = considered
  const lastMs = tracks.frames().at(-1)?.atMs ?? Number.NEGATIVE_INFINITY
  const known = pictures.upTo(MOST_PICTURES)
  // A key picture costs the least. Among equals the newest shows a face as it is now.
  for (const first of [...known.filter(isKey), ...known.filter((each) => !isKey(each))]) {
    const { atMs, slackMs } = match.refined(first.times)
    // Where the face is at the moment is known once a later frame was analysed.
    if (atMs > lastMs || !budget.allows(first.pictures, lastMs)) continue
    const wanted = tracks.wanted({ fromMs: atMs - slackMs, untilMs: atMs + slackMs }, first.pictures)
    if (wanted.length === 0) continue
    const more = isKey(first) && wanted.some(({ isFirst }) => isFirst) ? again(first, considered) : null
    const all = [first, ...(more?.later ?? [])]
    // Whoever is known already is told by one look, so waiting until three can be afforded would help fewer.
    if (more === null || !budget.allows(depthOf(all), lastMs)) return { pictures: [first], wanted }
    const areSeen = all.every(({ times }) => match.refined(times).atMs <= lastMs)
    return areSeen && more.isComplete ? { pictures: all, wanted } : null
  }
  return null
}

const isKey = ({ pictures }: BigPicture): boolean => pictures === 1

/** The first pictures of the group that are late enough, and whether no other ones are to come. */
const again = (first: BigPicture, { pictures, match }: Considered) => {
  const { rest, isOver } = pictures.after(first)
  const { atMs } = match.refined(first.times)
  const later = AGAIN_AFTER_MS.flatMap((afterMs): readonly BigPicture[] => {
    const found = rest.find(
      (each) => each.pictures <= MOST_PICTURES && match.refined(each.times).atMs >= atMs + afterMs,
    )
    return found ? [found] : []
  })
  const isDeep = rest.some((each) => each.pictures > MOST_PICTURES)
  return { later: [...new Set(later)], isComplete: isOver || isDeep || later.length === AGAIN_AFTER_MS.length }
}
