import type { PhotoSearch } from '../../../../src/server/people-answers.ts'
import { ApiError } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { markedPhoto } from '../../ui/marked-photo.ts'
import { openPanelDialog } from '../../ui/panel-dialog.ts'
import { personAvatar } from '../../ui/person-avatar.ts'
import { createPhotoInput } from '../../ui/photo-input.ts'
import { whenWords } from '../../ui/when.ts'

type FoundFace = PhotoSearch['faces'][number]
type Match = FoundFace['matches'][number]

const two = (score: number): string => score.toFixed(2)

/** How sure the answer is, in words. */
const sureness = ({ is, score, threshold }: Match): string => {
  if (is) return `is this person (${two(score)}, ${two(threshold)} is needed)`
  if (score >= threshold) return `may be this person, as may another (${two(score)})`
  return `is not sure enough (${two(score)}, ${two(threshold)} is needed)`
}

const matchRow = (context: PageContext, match: Match, close: () => void): HTMLElement => {
  const link = element(
    'a',
    { href: `#/people/${encodeURIComponent(match.person)}`, class: 'match' },
    personAvatar(context, match.person, 48),
    element(
      'span',
      {},
      element('bdi', { class: 'match-name' }, context.site.nameOf(match.person)),
      element('span', { class: match.is ? 'sure' : 'unsure' }, sureness(match)),
      ...match.sightings
        .slice(0, 3)
        .map(({ camera, fromMs }) => element('span', { class: 'match-seen' }, `${whenWords(fromMs)} on ${camera}`)),
    ),
  )
  link.addEventListener('click', close)
  return element('li', {}, link)
}

const faceSection = (context: PageContext, face: FoundFace, number: number, close: () => void): HTMLElement =>
  element(
    'section',
    {},
    element('h3', {}, `Face ${number}`),
    ...face.problems.map((problem) => element('p', { class: 'problem' }, `Take care: ${problem}.`)),
    face.matches.length === 0
      ? element('p', {}, 'Nobody is known yet.')
      : element('ul', { class: 'matches' }, ...face.matches.map((match) => matchRow(context, match, close))),
  )

/** Asks for a photo and says who is in it. The photo is kept nowhere. `first` is one that was dropped already. */
export const openFind = (context: PageContext, first?: File): void => {
  const result = element('div', { class: 'find-result' })
  const look = async (photo: File): Promise<void> => {
    input.say('Looking for faces …')
    result.replaceChildren()
    const form = new FormData()
    form.append('photo', photo)
    try {
      const { faces, turn } = await context.api.upload<PhotoSearch>('/api/people/search', form)
      input.say(faces.length === 1 ? 'There is one face.' : `There are ${faces.length || 'no'} faces.`)
      const marks = faces.map(({ box, matches }, i) => ({ box, good: matches[0]?.is === true, label: `Face ${i + 1}` }))
      result.append(
        await markedPhoto(photo, turn, marks, `The photo, with ${faces.length} faces marked`),
        ...faces.map((face, i) => faceSection(context, face, i + 1, () => dialog.close())),
      )
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
