import type { Sighting } from '../../../../src/events/types.ts'
import { countOf } from '../../ui/count.ts'
import { button, element } from '../../ui/element.ts'
import { lasting, timeOfDay } from '../../ui/when.ts'
import { type Day, daysOf, linesOf, placeIn, type Stay } from './days.ts'

/** A drawing of visits by day. */
export interface Timeline {
  readonly element: HTMLElement
  draw(visits: readonly Sighting[]): void
}

/** Days that are drawn at once. */
const daysShown = 14
const hours = [0, 6, 12, 18, 24]

const dayName = (startMs: number): string =>
  startMs === 0
    ? 'Recording'
    : new Date(startMs).toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short' })

/** `14:03–14:07 on door, 4 min, 2 visits`. */
const stayWords = ({ camera, fromMs, untilMs, isOpen, visits }: Stay): string => {
  const until = isOpen ? 'now' : timeOfDay(untilMs)
  const several = visits.length > 1 ? `, ${visits.length} visits` : ''
  return `${timeOfDay(fromMs)}–${until} on ${camera}, ${lasting(untilMs - fromMs)}${several}`
}

/** The hours, under days that have a date. */
const createScale = (): HTMLElement =>
  element(
    'div',
    { class: 'day scale', 'aria-hidden': 'true' },
    element('span', { class: 'day-name' }),
    element('div', { class: 'hours' }, ...hours.map((hour) => element('span', {}, String(hour)))),
  )

/** Left and right move the focus from one of `bars` in `rows` to the next. */
const walkWithArrows = (rows: HTMLElement, bars: () => readonly HTMLElement[]): void =>
  rows.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const all = bars()
    const at = all.indexOf(event.target as HTMLElement)
    if (step === undefined || at < 0) return
    event.preventDefault()
    all[at + step]?.focus()
  })

/** `choose` is called with the stay that was pressed. Bars are buttons in the order of time, so Tab and the arrows walk over them. */
export const createTimeline = (choose: (stay: Stay) => void): Timeline => {
  const readout = element('p', { class: 'visit-words', 'aria-hidden': 'true' })
  const rows = element('div', { class: 'days' })
  const more = button('Earlier days', () => {
    shown += daysShown
    render()
  })
  const body = element('div', { class: 'timeline' }, rows, readout, more)
  const scale = createScale()
  let shown = daysShown
  let days: readonly Day[] = []

  const bar = (day: Day, stay: Stay, line: number): HTMLElement => {
    const words = stayWords(stay)
    const each = button('', () => choose(stay), {
      class: stay.isOpen ? 'stay open' : 'stay',
      'aria-label': `${dayName(day.startMs)}, ${words}`,
    })
    const { left, width } = placeIn(day, stay)
    each.style.setProperty('--left', `${left}%`)
    each.style.setProperty('--width', `${width}%`)
    each.style.setProperty('--line', String(line))
    each.dataset.stay = `${day.startMs} ${stay.camera} ${stay.fromMs}`
    for (const type of ['focus', 'pointerenter'] as const)
      each.addEventListener(type, () => {
        readout.textContent = `${dayName(day.startMs)}: ${words}`
      })
    return each
  }
  const row = (day: Day): HTMLElement => {
    const lines = linesOf(day)
    const drawn = element('div', { class: 'bars' }, ...day.stays.map((stay, i) => bar(day, stay, lines[i] ?? 0)))
    drawn.style.setProperty('--lines', String(Math.max(...lines) + 1))
    return element(
      'div',
      { class: 'day', role: 'group', 'aria-label': `${dayName(day.startMs)}: ${countOf(day.stays.length, 'stay')}` },
      element('span', { class: 'day-name', 'aria-hidden': 'true' }, dayName(day.startMs)),
      drawn,
    )
  }
  const bars = (): HTMLElement[] => [...rows.querySelectorAll<HTMLElement>('.stay')]
  const render = (): void => {
    const visible = days.slice(0, shown)
    const [dated, recorded] = [
      visible.filter(({ startMs }) => startMs > 0),
      visible.filter(({ startMs }) => startMs === 0),
    ]
    const { activeElement } = document
    const focused = activeElement instanceof HTMLElement && rows.contains(activeElement) && activeElement.dataset.stay
    rows.replaceChildren(...dated.map(row), ...(dated.length > 0 ? [scale] : []), ...recorded.map(row))
    more.hidden = days.length <= shown
    readout.textContent = days.length === 0 ? '' : 'Point at a visit, or walk to it with Tab and the arrow keys.'
    // What is drawn anew while a person is in view must not take the keyboard's place away.
    if (focused)
      bars()
        .find(({ dataset }) => dataset.stay === focused)
        ?.focus()
  }
  walkWithArrows(rows, bars)
  return {
    element: body,
    draw(visits) {
      days = daysOf(visits)
      render()
    },
  }
}
