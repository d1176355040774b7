import { createCamerasPage } from '../pages/cameras/cameras.ts'
import { createEventsPage } from '../pages/events/events.ts'
import { createLivePage } from '../pages/live/live.ts'
import { createPeoplePage } from '../pages/people/people.ts'
import { createPersonPage } from '../pages/person/person.ts'
import { createReviewPage } from '../pages/review/review.ts'
import { createSystemPage } from '../pages/system/system.ts'
import type { IconName } from '../ui/icon.ts'
import type { CreatePage } from './page.ts'
import type { Route } from './router.ts'

/** An entry of the navigation. */
export interface Entry {
  readonly name: string
  readonly title: string
  readonly icon: IconName
}

/** The navigation, in its order. `name` begins the address. */
export const entries: readonly Entry[] = [
  { name: 'live', title: 'Live', icon: 'live' },
  { name: 'people', title: 'People', icon: 'people' },
  { name: 'review', title: 'Review', icon: 'review' },
  { name: 'cameras', title: 'Cameras', icon: 'cameras' },
  { name: 'events', title: 'Events', icon: 'events' },
  { name: 'system', title: 'System', icon: 'system' },
]

/** Every page by a name of its own; `person` is `#/people/ID`. */
export const pages = {
  live: createLivePage,
  people: createPeoplePage,
  person: createPersonPage,
  review: createReviewPage,
  cameras: createCamerasPage,
  events: createEventsPage,
  system: createSystemPage,
} as const satisfies Readonly<Record<string, CreatePage>>

/** The name of a page. */
export type PageName = keyof typeof pages

/** The page of an address; Live for one that there is not. */
export const pageOf = ({ name, path }: Route): PageName => {
  if (name === 'people' && path.length > 0) return 'person'
  return name in pages && name !== 'person' ? (name as PageName) : 'live'
}
