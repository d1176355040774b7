import type { RollcallEvent } from '../../../src/events/types.ts'
import type { PersonId } from '../../../src/types.ts'
import { element } from './element.ts'
import { shortId } from './person-look.ts'
import { lasting, timeOfDay } from './when.ts'

/** Makes the chip of a person; `as` says how to call them whatever happens later. */
export type Chip = (person: PersonId, as?: string) => HTMLElement

/** `bdi` keeps a name that is written from right to left from reversing the text around it. */
const named = (name: string | null): readonly (Node | string)[] =>
  name === null ? [' has no name now'] : [' is ', element('bdi', {}, name)]

/** A sighting that became known later than this after its beginning is shown with the time of its beginning. */
const lateMs = 10_000

const whenEarlier = ({ fromMs, knownAtMs }: { readonly fromMs: number; readonly knownAtMs: number }): string =>
  knownAtMs - fromMs < lateMs ? '' : ` at ${timeOfDay(fromMs)}`

/** When an event became known, Unix milliseconds.  */
export const knownAt = (event: RollcallEvent): number =>
  'knownAtMs' in event.data ? event.data.knownAtMs : Date.parse(event.time)

/** What happened, in words; null for what the pictures show anyway. */
export const eventWords = (event: RollcallEvent, chip: Chip): readonly (Node | string)[] | null => {
  switch (event.type) {
    case 'rollcall.frame.v1':
      return null
    case 'rollcall.person.created.v1':
      return [chip(event.data.person), event.data.camera === null ? ' is new' : ` is new, at ${event.data.camera}`]
    case 'rollcall.person.named.v1':
      return [chip(event.data.person, event.data.before ?? shortId(event.data.person)), ...named(event.data.name)]
    case 'rollcall.person.split.v1':
      return [chip(event.data.off), ' is somebody else than ', chip(event.data.person)]
    case 'rollcall.person.unmerged.v1':
      return [chip(event.data.person), ' is not the same person as ', chip(event.data.from)]
    case 'rollcall.person.apart.v1': {
      const { person, other, apart } = event.data
      return [chip(person), apart ? ' is certainly not ' : ' may be the same person as ', chip(other)]
    }
    case 'rollcall.person.archived.v1':
      return [chip(event.data.person), ' has not been seen for long']
    case 'rollcall.person.restored.v1':
      return [chip(event.data.person), ' is back']
    case 'rollcall.person.deleted.v1':
      return [chip(event.data.person), ' was deleted']
    case 'rollcall.calibration.changed.v1':
      return [`scores are moved by ${event.data.correction}: people here are not as alike as expected`]
    case 'rollcall.rule.fired.v1': {
      const { rule, person, when, camera } = event.data
      return [chip(person), ` ${when} (${camera}): rule ${rule}`]
    }
    case 'rollcall.track.provisional.v1':
    case 'rollcall.track.assigned.v1':
    case 'rollcall.track.reassigned.v1':
      return null
    case 'rollcall.person.merged.v1':
      // From now on the old ID leads to the other person: it is told as it was.
      return [
        chip(event.data.person, event.data.name ?? shortId(event.data.person)),
        ' is the same person as ',
        chip(event.data.into),
      ]
    case 'rollcall.sighting.started.v1':
      return [chip(event.data.person), ` came to ${event.data.camera}${whenEarlier(event.data)}`]
    case 'rollcall.sighting.ended.v1': {
      const { person, camera, fromMs, untilMs } = event.data
      return [chip(person), ` left ${camera} after ${lasting(untilMs - fromMs)}`]
    }
    case 'rollcall.sighting.corrected.v1': {
      const { person, before, camera, why } = event.data
      // The merge has a line of its own, and so has the end of one.
      if (why === 'merged' || why === 'unmerged' || person === before) return null
      return [chip(person), ', not ', chip(before), `, was at ${camera}${whenEarlier(event.data)}`]
    }
    default:
      if (event.data.code === 'CAMERA_PAUSED' || event.data.code === 'CAMERA_REMOVED')
        return [`${event.data.camera} was `, element('bdi', {}, event.data.reason)]
      return [`${event.data.camera} is ${event.data.state}: `, element('bdi', {}, event.data.reason)]
  }
}
