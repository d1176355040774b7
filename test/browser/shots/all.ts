import { actShots } from './acts.ts'
import { liveShots } from './live.ts'
import { otherShots } from './others.ts'
import { peopleShots } from './people.ts'
import type { Shot } from './shot.ts'

/** All pictures of docs/viewer.md. Those of one kind are made in this order: the site's state carries over. */
export const shots: readonly Shot[] = [...liveShots, ...peopleShots, ...actShots, ...otherShots]
