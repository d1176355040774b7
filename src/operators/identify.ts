import { concat, defer, map, type OperatorFunction, of } from 'rxjs'
import type { CameraChange, Faces, RollcallEvent } from '../types.ts'
import { type StageTimer, untimed } from './analysed.ts'

/** What vision says, in the order it saw it. */
export type Seen =
  | { readonly type: 'faces'; readonly faces: Faces }
  | { readonly type: 'change'; readonly change: CameraChange }

export interface Identified {
  /** What led to the events; null for those that only the end of everything brings. */
  readonly seen: Seen | null
  readonly events: readonly RollcallEvent[]
}

/**
 * Turns faces into events about people, synchronously and in order.
 *
 *   source  -f-g-c-|        f, g faces; c a camera's change
 *   output  -F-G-C-(E|)     F = events of f …; E = what ends with the stream (sightings)
 *
 * The engine holds the people; the operator holds nothing.
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
