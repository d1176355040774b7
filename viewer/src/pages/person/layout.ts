import type { PersonDetails } from '../../../../src/identity/gallery/gallery.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { exportButtons } from './export.ts'
import { createHead, type SeenWords } from './head.ts'
import { openStay } from './stay-dialog.ts'
import { createTimeline } from './timeline.ts'
import { noVisits, type Visits } from './visits.ts'

/** What the parts of the page ask for. */
export interface LayoutParts {
  /** The person that is shown. */
  readonly personOf: () => string
  readonly onOlder: () => void
  /** Somebody changed the person here. */
  readonly onChanged: () => void
}

const section = (title: string, ...children: readonly Node[]): HTMLElement =>
  element('section', { class: 'panel person-section' }, element('h3', {}, title), ...children)

/** The page of a person: its head, and the lists below it, which are filled later. */
export const createLayout = (context: PageContext, { personOf, onOlder, onChanged }: LayoutParts) => {
  const head = createHead(context, onChanged)
  const nothing = element('div', {})
  const photos = element('div', { class: 'photos-place' })
  const decisions = element('div', {})
  const timeline = createTimeline((stay) => openStay(context, stay))
  const older = button('Load earlier visits', onOlder)
  const visits = section('Visits by day', timeline.element, older, exportButtons(context, personOf))
  const body = element(
    'div',
    { class: 'person-body' },
    section('Pictures', photos),
    visits,
    section('Why this person', decisions),
  )
  const back = element('p', { class: 'back' }, element('a', { href: '#/people' }, '‹ People'))
  const drawVisits = ({ list, next }: Visits): void => {
    timeline.draw(list)
    older.hidden = next === null
  }
  const show = (isKnown: boolean, why?: Node): void => {
    head.element.hidden = !isKnown
    body.hidden = !isKnown
    nothing.replaceChildren(...(why ? [why] : []))
  }
  show(false)
  drawVisits(noVisits)
  return {
    element: element('section', { class: 'page person', 'aria-label': 'Person' }, back, nothing, head.element, body),
    drawVisits,
    /** Shows the head and the visits. */
    draw(person: PersonDetails, seen: SeenWords, all: Visits): void {
      show(true)
      head.draw(person, seen)
      drawVisits(all)
    },
    /** Fills the lists that come last. */
    fill(pictures: HTMLElement, reasons: HTMLElement): void {
      photos.replaceChildren(pictures)
      decisions.replaceChildren(reasons)
    },
    /** Nothing is known yet: another person is asked for. */
    clear(): void {
      for (const each of [photos, decisions]) each.replaceChildren()
      show(false)
      drawVisits(noVisits)
    },
    /** Says why there is nothing to show. */
    showOnly(words: string): void {
      show(false, emptyState(words, element('a', { class: 'button', href: '#/people' }, 'All people')))
    },
  }
}
