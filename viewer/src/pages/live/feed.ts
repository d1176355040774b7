import type { RollcallEvent, Sighting } from '../../../../src/events/types.ts'
import type { PersonId } from '../../../../src/types.ts'
import type { SiteStore } from '../../shell/site-store.ts'
import { element } from '../../ui/element.ts'
import { personChip } from '../../ui/person-chip.ts'
import { shortId } from '../../ui/person-look.ts'
import { lasting, timeOfDay } from '../../ui/when.ts'
import { placeInFeed } from './feed-order.ts'

const maxLines = 100

type Chip = (person: PersonId, as?: string) => HTMLElement

/** `bdi` keeps a name that is written from right to left from reversing the text around it. */
const named = (name: string | null): readonly (Node | string)[] =>
  name === null ? [' has no name now'] : [' is ', element('bdi', {}, name)]

/** A sighting that became known later than this after its beginning is shown with the time of its beginning. */
const lateMs = 10_000

const whenEarlier = ({ fromMs, knownAtMs }: { readonly fromMs: number; readonly knownAtMs: number }): string =>
  knownAtMs - fromMs < lateMs ? '' : ` at ${timeOfDay(fromMs)}`

/** When an event became known, Unix milliseconds. The feed is in this order. */
const knownAt = (event: RollcallEvent): number =>
  'knownAtMs' in event.data ? event.data.knownAtMs : Date.parse(event.time)

/** The line of an event after a correction of its sighting; null when it is about another one, or was right. */
const corrected = (event: RollcallEvent, { sighting, person, fromMs, untilMs }: Sighting): RollcallEvent | null => {
  switch (event.type) {
    case 'rollcall.sighting.started.v1':
      return event.data.sighting === sighting ? { ...event, data: { ...event.data, person, fromMs } } : null
    case 'rollcall.sighting.ended.v1':
      return event.data.sighting === sighting ? { ...event, data: { ...event.data, person, fromMs, untilMs } } : null
    default:
      return null
  }
}

/** What happened, in words; null for what the pictures show anyway. */
const say = (event: RollcallEvent, chip: Chip): readonly (Node | string)[] | null => {
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
      return [`${event.data.camera} is ${event.data.state}: `, element('bdi', {}, event.data.reason)]
  }
}

interface Line {
  event: RollcallEvent
  readonly line: HTMLElement
}

/**
 * Shows the latest events in words, newest first by when they became known: those of a camera may come after later ones of
 * another. Delivery is at least once, so an event that is shown already is not added again.
 */
export const createFeed = (list: HTMLElement, site: SiteStore): { add(event: RollcallEvent): void } => {
  const chip: Chip = (person, as) => personChip({ site }, person, as)
  /** Newest first. */
  const lines: Line[] = []
  const write = (line: HTMLElement, event: RollcallEvent, words: readonly (Node | string)[]): void =>
    line.replaceChildren(element('time', {}, timeOfDay(knownAt(event))), element('p', {}, ...words))

  const correct = (sighting: Sighting): void => {
    for (const shown of lines) {
      const now = corrected(shown.event, sighting)
      const words = now && say(now, chip)
      if (!now || !words) continue
      shown.event = now
      write(shown.line, now, words)
    }
  }
  return {
    add: (event) => {
      if (lines.some((shown) => shown.event.id === event.id)) return
      if (event.type === 'rollcall.sighting.corrected.v1') correct(event.data)
      const words = say(event, chip)
      if (words === null) return
      const line = element('li', {})
      write(line, event, words)
      const at = placeInFeed(
        lines.map((shown) => knownAt(shown.event)),
        knownAt(event),
      )
      list.insertBefore(line, lines[at]?.line ?? null)
      lines.splice(at, 0, { event, line })
      if (lines.length > maxLines) lines.pop()?.line.remove()
    },
  }
}
