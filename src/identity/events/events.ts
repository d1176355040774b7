import type {
  CalibrationChange,
  CalibrationEvent,
  CameraEvent,
  Firing,
  FrameEvent,
  FrameFace,
  RuleEvent,
} from '../../events/types.ts'
import type { Box, CameraChange, Faces } from '../../types.ts'
import { createEnvelopes } from './envelopes.ts'
import { roundedBox, share } from './event-values.ts'
import { personEvents } from './person-events.ts'
import { sightingEvents } from './sighting-events.ts'
import { trackEvents } from './track-events.ts'

/** The faces of a frame that nobody is told of. */
interface Hidden {
  readonly blur: readonly Box[]
  readonly unknown: number
}

/**
 * Makes this site's events. An event's ID depends only on what happened, so that a consumer recognises a repeat.
 * `lastSequence` is `sequence()` of the run before.
 */
export const createEvents = (site: string, lastSequence = 0) => {
  const envelopes = createEnvelopes(site, lastSequence)
  const { envelope, nextSequence, ...others } = envelopes
  return {
    ...personEvents(envelopes),
    ...sightingEvents(envelopes),
    ...trackEvents(envelopes),
    ...others,
    /** `blur` has the boxes of faces of objectors, `unknown` is the number of others that nobody is told of. */
    frame(message: Faces, faces: readonly FrameFace[], hidden: Hidden = { blur: [], unknown: 0 }): FrameEvent {
      const { camera, stream, seq, ptsUs, capturedAtMs, clock, rtpTime, damaged, width, height } = message
      const { blur, unknown } = hidden
      const some = { ...(rtpTime !== undefined && { rtpTime }), ...(damaged && { damaged }) }
      const stamp = { camera, stream, seq, ptsUs, capturedAtMs, clock, ...some }
      return {
        ...envelope('rollcall.frame.v1', camera, `cameras/${camera}`, `${camera}/${stream}/${seq}`, capturedAtMs),
        data: {
          ...stamp,
          width,
          height,
          faces,
          ...(blur.length > 0 && { blur: blur.map(roundedBox) }),
          ...(unknown > 0 && { unknown }),
        },
      }
    },
    calibrated(change: CalibrationChange, atMs: number): CalibrationEvent {
      const sequence = nextSequence()
      const { expected, median } = change
      return {
        ...envelope(
          'rollcall.calibration.changed.v1',
          'calibration',
          'people',
          `calibration/changed/${sequence}`,
          atMs,
        ),
        data: { ...change, expected: share(expected), median: share(median), sequence },
      }
    },
    fired(firing: Firing): RuleEvent {
      const { rule, person, camera, atMs } = firing
      const sequence = nextSequence()
      return {
        ...envelope('rollcall.rule.fired.v1', person, `cameras/${camera}`, `${person}/rule/${rule}/${sequence}`, atMs),
        data: { ...firing, sequence },
      }
    },
    /** `number` counts the camera's changes: two may fall into one millisecond. */
    camera(change: CameraChange, number: number): CameraEvent {
      const id = `${change.camera}/${change.state}/${change.atMs}/${number}`
      return {
        ...envelope(`rollcall.camera.${change.state}.v1`, change.camera, `cameras/${change.camera}`, id, change.atMs),
        data: change,
      }
    },
  }
}

/** All events of the identity engine, as functions that return them. */
export type Events = ReturnType<typeof createEvents>
