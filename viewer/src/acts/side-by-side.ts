import type { Side, SideBySide } from '../../../src/server/people-answers.ts'
import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { element } from '../ui/element.ts'
import { likenessBar } from '../ui/likeness-bar.ts'
import { personAvatar } from '../ui/person-avatar.ts'
import { personChip } from '../ui/person-chip.ts'
import { scoreWords } from '../ui/score-words.ts'
import { whenWords } from '../ui/when.ts'

/** `one visit`, `3 visits`. */
export const visitWords = (count: number): string => (count === 1 ? 'one visit' : `${count} visits`)

/** CSS pixels: beside words, and of people who are compared. */
export const pictureSize = { small: 72, large: 112 } as const

/** A person in a card: picture, name, visits, last seen. */
export const personCard = (context: PageContext, side: Side, note = ''): HTMLElement => {
  const { id, lastCamera, lastSeenAtMs, visits, tracks } = side
  const seen =
    lastCamera === ''
      ? 'never seen here'
      : `${visitWords(visits || tracks)}, last seen ${whenWords(lastSeenAtMs)} at ${lastCamera}`
  return element(
    'div',
    { class: 'act-person', 'data-person': id },
    personAvatar(context, id, pictureSize.large),
    personChip(context, id),
    element('p', { class: 'act-note' }, seen),
    ...(note === '' ? [] : [element('p', { class: 'act-note' }, note)]),
  )
}

/** A picture, and what a dialog says beside it. */
export const pictureWords = (picture: Node, ...words: readonly Node[]): HTMLElement =>
  element('div', { class: 'act-who' }, picture, element('div', { class: 'act' }, ...words))

/** One person with a picture, and what a dialog says of them. */
export const personWords = (context: PageContext, id: PersonId, ...words: readonly Node[]): HTMLElement =>
  pictureWords(personAvatar(context, id, pictureSize.small), ...words)

/** How alike two are, in words. `threshold` is the score from which on the two may be merged without more ado. */
const likenessWords = (score: number | null, threshold: number): string => {
  if (score === null) return 'cannot be compared: one of them was never seen clearly'
  if (score >= threshold + 0.1) return 'very alike'
  if (score >= threshold) return 'alike'
  return score >= threshold - 0.1 ? 'somewhat alike' : 'not alike'
}

const figures = ({ score, similarity, threshold }: SideBySide): string =>
  score === null || similarity === null
    ? ''
    : `${scoreWords(score)}; ${scoreWords(threshold)} is enough (similarity ${scoreWords(similarity)}). `

const togetherWords = ({ together }: SideBySide): string => {
  if (together === null) return 'Somebody said that they are two people.'
  if (together === 0) return 'They were never seen together.'
  return `They were seen together in ${together === 1 ? 'one picture' : `${together} pictures or more`}.`
}

/** Two people beside each other, and how alike they are. */
export const sideBySide = (context: PageContext, compared: SideBySide): HTMLElement => {
  const { a, b, score, threshold } = compared
  return element(
    'div',
    { class: 'act-compare' },
    element('div', { class: 'act-sides' }, personCard(context, a), personCard(context, b)),
    element(
      'div',
      { class: 'act-likeness' },
      element('p', {}, element('strong', {}, `They are ${likenessWords(score, threshold)}.`)),
      ...(score === null ? [] : [likenessBar(score, threshold)]),
      element('p', { class: 'act-note' }, `${figures(compared)}${togetherWords(compared)}`),
    ),
  )
}

/** What a merge changes, as a list. */
export const mergeChanges = (context: PageContext, { merge }: SideBySide): HTMLElement => {
  const { into, from, visits, tracks, aliases } = merge
  return element(
    'ul',
    { class: 'act-changes' },
    element('li', {}, personChip(context, into), ` then has ${visitWords(visits || tracks)}.`),
    element('li', {}, 'The ID ', element('code', {}, into), ' stays.'),
    element(
      'li',
      {},
      aliases.length === 1 ? 'The ID ' : `The ${aliases.length} other IDs, among them `,
      element('code', {}, from),
      aliases.length === 1 ? ' leads to it, and can be given back.' : ', lead to it, and can be given back.',
    ),
  )
}
