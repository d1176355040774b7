import type { Sighting } from '../../../src/events/types.ts'
import type { Changed } from '../../../src/server/people-answers.ts'
import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { element } from '../ui/element.ts'
import { personChip } from '../ui/person-chip.ts'
import { whenWords } from '../ui/when.ts'
import { change } from './perform.ts'
import { pickPerson } from './pick-person.ts'
import { alikeTo } from './reading.ts'
import { pictureSize, pictureWords } from './side-by-side.ts'
import { visitPicture } from './visit-picture.ts'

/*
 * The dialogs about one visit: whose it is. Each resolves true when something was changed, and false after Cancel or Esc. What
 * the server refuses is said in the dialog. They need the scope `operate`.
 */

const visitOf = (context: PageContext, { person, camera, fromMs }: Sighting): HTMLElement =>
  element('p', {}, 'The visit of ', personChip(context, person), ` at ${camera}, ${whenWords(fromMs)}.`)

/** Gives the visit to somebody; null makes a new person of it. */
const move = (context: PageContext, { sighting }: Sighting, to: PersonId | null): Promise<unknown> => {
  const path = `/api/sightings/${encodeURIComponent(sighting)}/move`
  const words = to === null ? 'The visit is a new person now.' : 'The visit is moved.'
  return change(context, words, context.api.post<Changed>(path, { to }))
}

/** Gives a sighting to somebody else, or makes a new person of it. */
export const openMove = async (context: PageContext, sighting: Sighting): Promise<boolean> => {
  const first = await alikeTo(context, sighting.person)
  const picked = await pickPerson(context, {
    title: 'Whose visit is this?',
    body: pictureWords(visitPicture(context, sighting, pictureSize.small), visitOf(context, sighting)),
    but: [sighting.person],
    first,
    nobody: 'A new person',
    work: ({ person }) => move(context, sighting, person),
  })
  return picked !== null
}

/** "Not this person": takes a sighting off its person, who keeps the rest; it becomes a new person. */
export const openNotThisPerson = (context: PageContext, sighting: Sighting): Promise<boolean> => {
  const body = pictureWords(
    visitPicture(context, sighting, pictureSize.small),
    visitOf(context, sighting),
    element('p', {}, 'It becomes a new person, whom Rollcall never takes for the same again. Everything else stays.'),
  )
  const title = `Not ${context.site.nameOf(sighting.person)}?`
  return context.ask({ title, body, confirm: 'Not this person', work: () => move(context, sighting, null) })
}
