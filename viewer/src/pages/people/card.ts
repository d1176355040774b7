import type { CameraId, Person } from '../../../../src/types.ts'
import type { PageContext } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { personAvatar } from '../../ui/person-avatar.ts'
import { colourOf, shortId } from '../../ui/person-look.ts'
import { ago } from '../../ui/when.ts'

/** What a card shows: when two are equal, the card need not be made anew. */
export const cardKey = ({ id, name, archived, lastCamera }: Person, here: CameraId | undefined, seen: string): string =>
  JSON.stringify([id, name, archived, here ?? lastCamera, seen])

/** When and where a person was seen, in words. */
export const seenWords = (person: Person, here: CameraId | undefined, nowMs: number): string => {
  if (here !== undefined) return `here now, on ${here}`
  if (person.lastCamera === '') return 'not seen yet'
  const archived = person.archived ? ', archived' : ''
  return `${ago(person.lastSeenAtMs, nowMs)}, on ${person.lastCamera}${archived}`
}

/** One person of the grid: a link to the person's page. */
export const personCard = (context: PageContext, person: Person, isHere: boolean, seen: string): HTMLElement => {
  const isNamed = person.name !== null
  const name = element(
    'span',
    { class: isNamed ? 'card-name' : 'card-name unnamed' },
    element('bdi', {}, person.name ?? shortId(person.id)),
  )
  const card = element(
    'a',
    { href: `#/people/${encodeURIComponent(person.id)}`, class: 'person-card', title: person.id },
    personAvatar(context, person.id, 120),
    name,
    element('span', { class: isHere ? 'card-seen here' : 'card-seen' }, seen),
  )
  card.style.setProperty('--person', colourOf(person.id))
  return element('li', {}, card)
}
