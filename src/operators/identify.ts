import { concat, defer, map, type OperatorFunction, of } from 'rxjs'
import type { RollcallEvent } from '../events/types.ts'
import type { CameraChange, Faces } from '../types.ts'
import { type StageTimer, untimed } from './analysed.ts'

/** What comes from vision, in the order in which it was seen: the faces of a frame, or a change of a camera's state. */
export type Seen =
  | { readonly type: 'faces'; readonly faces: Faces }
  | { readonly type: 'change'; readonly change: CameraChange }

/** One thing that was seen, with the events that it led to. */
export interface Identified {
  /**
   * Null for the events of the gallery, and for those of the end: open sightings are ended when the source completes.
   */
  readonly seen: Seen | null
  readonly events: readonly RollcallEvent[]
}

/**
 * Turns faces into events about people, synchronously and in order.
 *
 *   source  -f-g-c-|        f, g faces; c a camera's change
 *   output  -F-G-C-(E|)     F = events of f …; E = the ends of the open sightings
 *
 * The state is in `engine`; the operator has none.
 */
export const identify =
  (
    engine: {
      update(faces: Faces): readonly RollcallEvent[]
      change(change: CameraChange): readonly RollcallEvent[]
      finish(): readonly RollcallEvent[]
    },
    timed: StageTimer = untimed,
  ): OperatorFunction<Seen, Identified> =>
  (source) =>
    concat(
      source.pipe(
        map((seen) => ({
          seen,
          events: timed('identify', () =>
            seen.type === 'faces' ? engine.update(seen.faces) : engine.change(seen.change),
          ),
        })),
      ),
      defer(() => of({ seen: null, events: engine.finish() })),
    )
