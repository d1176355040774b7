import type { Sighting } from '../../../../src/events/types.ts'
import { openMove, openNotThisPerson } from '../../acts/visit-acts.ts'
import type { PageContext } from '../../shell/page.ts'
import { countOf } from '../../ui/count.ts'
import { button, element } from '../../ui/element.ts'
import { openPanelDialog } from '../../ui/panel-dialog.ts'
import { lasting, timeOfDay, whenWords } from '../../ui/when.ts'
import type { Stay } from './days.ts'
import { photosAt } from './photos.ts'

const visitItem = (context: PageContext, visit: Sighting, close: () => void): HTMLElement => {
  const { sighting, fromMs, untilMs, ended } = visit
  const pictures = element('div', {})
  void photosAt(context, `/api/sightings/${encodeURIComponent(sighting)}/photos`).then(
    (photos) => pictures.replaceChildren(photos),
    () => undefined,
  )
  const act = (words: string, open: (context: PageContext, visit: Sighting) => Promise<boolean>): HTMLElement => {
    const each = button(words, () => {
      close()
      void open(context, visit)
    })
    each.disabled = !context.may('operate')
    if (each.disabled) each.title = 'Your token lacks the scope operate.'
    return each
  }
  const when = `${whenWords(fromMs)} to ${ended ? timeOfDay(untilMs) : 'now'}`
  const figures = element('small', {}, `${lasting(untilMs - fromMs)}, ${countOf(visit.frames, 'frame')}`)
  const acts = element('div', { class: 'actions' }, act('Not this person', openNotThisPerson), act('Move …', openMove))
  return element('li', {}, pictures, element('div', {}, element('p', {}, when, figures), acts))
}

/** Shows the visits of a stay with their pictures, the last first, and what can be done with them. */
export const openStay = (context: PageContext, stay: Stay): void => {
  const list = element('ul', { class: 'visits' })
  const dialog = openPanelDialog(`${context.site.nameOf(stay.visits[0]?.person ?? '')} at ${stay.camera}`, list)
  list.append(...stay.visits.toReversed().map((visit) => visitItem(context, visit, () => dialog.close())))
}
