import type { RollcallEvent, Sighting } from '../../../../src/events/types.ts'
import type { SiteStore } from '../../shell/site-store.ts'
import { element } from '../../ui/element.ts'
import { type Chip, eventWords, knownAt } from '../../ui/event-words.ts'
import { personChip } from '../../ui/person-chip.ts'
import { timeOfDay } from '../../ui/when.ts'
import { placeInFeed } from './feed-order.ts'

const maxLines = 100

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
      const words = now && eventWords(now, chip)
      if (!now || !words) continue
      shown.event = now
      write(shown.line, now, words)
    }
  }
  return {
    add: (event) => {
      if (lines.some((shown) => shown.event.id === event.id)) return
      if (event.type === 'rollcall.sighting.corrected.v1') correct(event.data)
      const words = eventWords(event, chip)
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
