import type { PhotoSearch } from '../../../../src/server/people-answers.ts'
import { ApiError } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { likenessBar } from '../../ui/likeness-bar.ts'
import { markedPhoto } from '../../ui/marked-photo.ts'
import { openPanelDialog } from '../../ui/panel-dialog.ts'
import { personAvatar } from '../../ui/person-avatar.ts'
import { createPhotoInput } from '../../ui/photo-input.ts'
import { scoreWords } from '../../ui/score-words.ts'
import { whenWords } from '../../ui/when.ts'

type FoundFace = PhotoSearch['faces'][number]
type Match = FoundFace['matches'][number]

/** How far back tracks are looked for, and how many are shown. */
const lookBackMs = 7 * 86_400_000
const mostShown = 12

/** A score this far over the threshold leaves no doubt. */
const clearLead = 0.15

/** How sure the answer is, in words. */
const sureness = ({ is, score, threshold }: Match): string => {
  if (is) return `is this person (${score >= threshold + clearLead ? 'very sure' : 'sure'})`
  if (score >= threshold) return 'may be this person, as may another'
  return 'is hardly this person'
}

const matchRow = (context: PageContext, match: Match, close: () => void): HTMLElement => {
  const { person, is, score, threshold } = match
  const figures = `${scoreWords(score)}; ${scoreWords(threshold)} is needed`
  const seen = match.sightings.slice(0, is ? 3 : 1).map(({ camera, fromMs }) => `${whenWords(fromMs)} on ${camera}`)
  const link = element(
    'a',
    { href: `#/people/${encodeURIComponent(person)}`, class: is ? 'match is' : 'match' },
    personAvatar(context, person, is ? 72 : 48),
    element(
      'span',
      {},
      element(
        'span',
        {},
        element('bdi', { class: 'match-name' }, context.site.nameOf(person)),
        ' ',
        element('span', { class: is ? 'sure' : 'unsure' }, sureness(match)),
      ),
      likenessBar(score, threshold),
      element('span', { class: 'match-seen' }, figures),
      ...seen.map((words) => element('span', { class: 'match-seen' }, words)),
    ),
  )
  link.addEventListener('click', close)
  return element('li', {}, link)
}

/** Where a face like this was seen, the newest first: also people without an ID, and people who are another ID. */
const seenBy = (context: PageContext, { tracks }: FoundFace, close: () => void): HTMLElement[] => {
  if (tracks.length === 0) return []
  const rows = tracks
    .toSorted((a, b) => b.fromMs - a.fromMs)
    .slice(0, mostShown)
    .map(({ person, camera, fromMs, probability, is }) => {
      const where = `${whenWords(fromMs)} on ${camera}`
      const sure = `${is ? 'alike' : 'somewhat alike'} (${Math.floor(100 * probability)} %)`
      if (person === null) return element('li', { class: 'match-seen' }, `${where}: somebody without an ID, ${sure}`)
      const link = element(
        'a',
        { href: `#/people/${encodeURIComponent(person)}` },
        element('bdi', {}, context.site.nameOf(person)),
      )
      link.addEventListener('click', close)
      return element('li', { class: 'match-seen' }, `${where}: `, link, `, ${sure}`)
    })
  return [element('h4', {}, 'Seen in the last seven days'), element('ul', { class: 'found-tracks' }, ...rows)]
}

/** `number` is 0 for the only face. */
const faceSection = (context: PageContext, face: FoundFace, number: number, close: () => void): HTMLElement =>
  element(
    'section',
    {},
    ...(number === 0 ? [] : [element('h3', {}, `Face ${number}`)]),
    ...face.problems.map((problem) => element('p', { class: 'problem' }, `Take care: ${problem}.`)),
    face.matches.length === 0
      ? element('p', {}, 'Nobody is known yet.')
      : element('ul', { class: 'matches' }, ...face.matches.map((match) => matchRow(context, match, close))),
    ...seenBy(context, face, close),
  )

/** What was found, beside the photo with its faces marked. */
const resultOf = async (
  context: PageContext,
  photo: File,
  { faces, turn }: PhotoSearch,
  close: () => void,
): Promise<HTMLElement> => {
  const isOne = faces.length === 1
  const marks = faces.map(({ box, matches }, i) => ({
    box,
    good: matches[0]?.is === true,
    ...(!isOne && { label: `Face ${i + 1}` }),
  }))
  const count = isOne ? 'its face' : `${faces.length} faces`
  const what =
    faces.length === 0
      ? [element('p', {}, 'Take a photo in which the face is larger, well lit and seen from the front.')]
      : faces.map((face, i) => faceSection(context, face, isOne ? 0 : i + 1, close))
  return element(
    'div',
    { class: 'found' },
    await markedPhoto(photo, turn, marks, `The photo, with ${count} marked`),
    element('div', { class: 'found-faces' }, ...what),
  )
}

/** Asks for a photo and says who is in it. The photo is kept nowhere. `first` is one that was dropped already. */
export const openFind = (context: PageContext, first?: File): void => {
  const result = element('div', { class: 'find-result' })
  const look = async (photo: File): Promise<void> => {
    input.say('Looking for faces …')
    result.replaceChildren()
    const form = new FormData()
    form.append('photo', photo)
    try {
      const found = await context.api.upload<PhotoSearch>(`/api/people/search?from=${Date.now() - lookBackMs}`, form)
      const { length } = found.faces
      input.say(length === 1 ? 'There is one face.' : `There are ${length || 'no'} faces.`)
      input.shrink(true)
      result.replaceChildren(await resultOf(context, photo, found, () => dialog.close()))
    } catch (error) {
      input.say(error instanceof ApiError ? [error.message, error.remedy].filter(Boolean).join(' – ') : String(error))
    }
  }
  const input = createPhotoInput('Drop or paste a photo, to see who it is. It is kept nowhere.', false, ([photo]) => {
    if (photo) void look(photo)
  })
  const dialog = openPanelDialog('Who is this?', element('div', {}, input.element, result), () => input.close())
  if (first) void look(first)
}
