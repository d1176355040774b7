import type { PersonId, RollcallEvent } from '../../src/types.ts'
import { element } from './element.ts'
import { colourOf, shortId } from './person-look.ts'
import { lasting, timeOfDay } from './when.ts'

const maxLines = 100

const chip = (person: PersonId): HTMLElement => {
  const created = element('span', { class: 'id', title: person }, shortId(person))
  created.style.setProperty('--person', colourOf(person))
  return created
}

/** Written from right to left or not, a name turns nothing but itself around. */
const named = (name: string | null): readonly (Node | string)[] =>
  name === null ? [' has no name now'] : [' is ', element('bdi', {}, name)]

/** What happened, in words; null for what the pictures show anyway. */
const say = (event: RollcallEvent): readonly (Node | string)[] | null => {
  switch (event.type) {
    case 'rollcall.frame.v1':
      return null
    case 'rollcall.person.created.v1':
      return [chip(event.data.person), event.data.camera === null ? ' is new' : ` is new, at ${event.data.camera}`]
    case 'rollcall.person.named.v1':
      return [chip(event.data.person), ...named(event.data.name)]
    case 'rollcall.person.split.v1':
      return [chip(event.data.off), ' is somebody else than ', chip(event.data.person)]
    case 'rollcall.person.unmerged.v1':
      return [chip(event.data.person), ' is not the same person as ', chip(event.data.from)]
    case 'rollcall.person.archived.v1':
      return [chip(event.data.person), ' has not been seen for long']
    case 'rollcall.person.restored.v1':
      return [chip(event.data.person), ' is back']
    case 'rollcall.person.deleted.v1':
      return [chip(event.data.person), ' was deleted']
    case 'rollcall.track.assigned.v1':
    case 'rollcall.track.reassigned.v1':
      return null
    case 'rollcall.person.merged.v1':
      return [chip(event.data.person), ' is the same person as ', chip(event.data.into)]
    case 'rollcall.sighting.started.v1':
      return [chip(event.data.person), ` came to ${event.data.camera}`]
    case 'rollcall.sighting.ended.v1': {
      const { person, camera, fromMs, untilMs } = event.data
      return [chip(person), ` left ${camera} after ${lasting(untilMs - fromMs)}`]
    }
    default:
      return [`${event.data.camera} is ${event.data.state}: `, element('bdi', {}, event.data.reason)]
  }
}

/** The latest events, newest first. At-least-once delivery: an event that is there already is not added again. */
export const createFeed = (list: HTMLElement): { add(event: RollcallEvent): void } => {
  const ids = new Set<string>()
  return {
    add: (event) => {
      const words = say(event)
      if (words === null || ids.has(event.id)) return
      const line = element('li', {}, element('time', {}, timeOfDay(Date.parse(event.time))), element('p', {}, ...words))
      line.dataset.id = event.id
      ids.add(event.id)
      list.prepend(line)
      if (list.childElementCount <= maxLines) return
      const last = list.lastElementChild
      if (last instanceof HTMLElement) ids.delete(last.dataset.id ?? '')
      last?.remove()
    },
  }
}
