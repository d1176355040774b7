import { comparePeople, type PeopleCompared } from '../people/compare-people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { ScoredMerge } from './gallery.ts'
import { conflict, type GalleryParts } from './gallery-parts.ts'

type UnlikeParts = Pick<GalleryParts, 'coOccurrence' | 'options' | 'compare'>

/** Whether two people have a name each, and not the same. */
export const namesDiffer = (a: PersonRecord, b: PersonRecord): boolean =>
  a.name !== null && b.name !== null && a.name !== b.name

/** What is known that speaks against one person, in words; null when nothing does. */
export const against = (
  { coOccurrence, options }: UnlikeParts,
  a: PersonRecord,
  b: PersonRecord,
  compared: PeopleCompared | null,
): string | null => {
  const frames = coOccurrence.frames(a.id, b.id)
  if (frames === Infinity) return 'somebody said that they are two'
  if (frames >= options.cannotLinkFrames) return 'they were seen in one picture'
  return compared && compared.whole.score < options.join ? 'they are unlike' : null
}

const likenessText = ({ whole, looks }: PeopleCompared, threshold: number): string =>
  `as wholes they score ${whole.score.toFixed(3)} (similarity ${whole.similarity.toFixed(3)}), ${threshold} is needed; their most alike looks ${looks.score.toFixed(3)} (${looks.similarity.toFixed(3)})`

/** Throws PERSON_CONFLICT, with a `ScoredMerge`, when what is known speaks against one person. */
export const needAlike = (parts: UnlikeParts, a: PersonRecord, b: PersonRecord): void => {
  const compared = comparePeople(a, b, parts.compare)
  const { join } = parts.options
  const why = against(parts, a, b, compared)
  if (why === null) return
  const details: ScoredMerge | undefined = compared ? { ...compared, threshold: join } : undefined
  throw conflict(
    `${a.id} and ${b.id}: ${why}${compared ? `; ${likenessText(compared, join)}` : ''}`,
    'Look at both (rollcall people show); merge with force (--force) if they are one person all the same.',
    details,
  )
}
