import type { RollcallEvent } from '../../../../src/events/types.ts'
import type { PageContext } from '../../shell/page.ts'
import { copyText } from '../../ui/copy.ts'
import { button, element } from '../../ui/element.ts'
import { eventWords, knownAt } from '../../ui/event-words.ts'
import { jsonView } from '../../ui/json-view.ts'
import { personChip } from '../../ui/person-chip.ts'
import { shortId } from '../../ui/person-look.ts'
import { timeOfDay } from '../../ui/when.ts'
import { topicOf } from './filter.ts'

/** What an event says that has no line in the feed. */
const plainWords = (event: RollcallEvent): string => {
  switch (event.type) {
    case 'rollcall.track.provisional.v1':
      return `somebody (${shortId(event.data.provisional)}) was seen too poorly at ${event.data.camera} to say who it is`
    case 'rollcall.track.assigned.v1':
      return ` was recognised at ${event.data.camera}`
    case 'rollcall.track.reassigned.v1':
      return ` was recognised anew at ${event.data.camera}`
    case 'rollcall.sighting.corrected.v1':
      return `: the visit to ${event.data.camera} was corrected (${event.data.why})`
    default:
      return event.type
  }
}

/** One event: when, what in words, and its JSON on a click. */
export const createEventRow = (context: PageContext, event: RollcallEvent): HTMLElement => {
  const chip = (person: string, as?: string) => personChip(context, person, as)
  const words =
    eventWords(event, chip) ??
    ('person' in event.data ? [chip(event.data.person), plainWords(event)] : [plainWords(event)])
  const toggle = button('JSON', () => open(row.classList.contains('open') === false), {
    class: 'button quiet json-toggle',
    'aria-expanded': 'false',
  })
  const row = element(
    'li',
    { class: `event ${topicOf(event.type)}` },
    element('time', { title: event.time, datetime: event.time }, timeOfDay(knownAt(event))),
    element('p', {}, ...words),
    element('span', { class: 'type' }, event.type.replace(/^rollcall\.|\.v1$/g, '')),
    toggle,
  )
  let details: HTMLElement | null = null
  const open = (isOpen: boolean): void => {
    row.classList.toggle('open', isOpen)
    toggle.setAttribute('aria-expanded', String(isOpen))
    details?.remove()
    details = null
    if (!isOpen) return
    const copy = button('Copy', () => {
      void copyText(JSON.stringify(event)).then((isCopied) =>
        context.say(isCopied ? 'The event is copied.' : 'This browser does not let pages copy.', { bad: !isCopied }),
      )
    })
    details = element('div', { class: 'details' }, jsonView(event), copy)
    row.append(details)
  }
  row.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element) || target.closest('a, button, .details') !== null) return
    if (getSelection()?.isCollapsed !== false) open(!row.classList.contains('open'))
  })
  return row
}
