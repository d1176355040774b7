import type { RollcallEvent } from '../../../../src/events/types.ts'
import type { PersonId } from '../../../../src/types.ts'
import type { PageContext } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { createFeed } from './feed.ts'
import { createPeopleList } from './people-list.ts'

const section = (id: string, title: string, list: HTMLElement, empty: string): HTMLElement =>
  element(
    'section',
    { class: 'panel', 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title),
    list,
    element('p', { class: 'empty' }, empty),
  )

/** Who is there and what happened, beside the pictures. */
export const createSide = (context: PageContext, onChoose: (person: PersonId | null) => void) => {
  const people = element('ul', { id: 'people', tabindex: '0', 'aria-labelledby': 'people-title' })
  const events = element('ol', { id: 'feed', tabindex: '0', 'aria-labelledby': 'feed-title' })
  const feed = createFeed(events, context.site)
  const list = createPeopleList(people, context, onChoose)
  return {
    element: element(
      'aside',
      { id: 'side', 'aria-label': 'People and events' },
      section('people', 'People', people, 'Nobody has been seen yet.'),
      section('feed', 'Latest events', events, 'Nothing has happened yet.'),
    ),
    add: (event: RollcallEvent): void => feed.add(event),
    update: (): void => list.update(),
  }
}
