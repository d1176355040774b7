import { z } from 'zod'
import { eventOf } from './envelope.ts'
import { examples } from './examples.ts'
import { atMs, camera } from './words.ts'

const changeTo = <State extends string>(state: State) =>
  z.object({
    camera,
    state: z.literal(state).describe('The state it is in from now on.'),
    atMs: atMs.describe('When, whole milliseconds since the Unix epoch; for recordings, since their beginning.'),
    reason: z.string().describe('Why, in words for people; it never holds a password.'),
    code: z
      .string()
      .min(1)
      .exactOptional()
      .describe('A code that never changes, such as `CAMERA_UNREACHABLE`; absent when nothing is wrong.'),
    retryInMs: z
      .int()
      .min(0)
      .max(172_800_000)
      .meta({ $comment: 'Twice the longest wait that can be configured, which is a day.' })
      .exactOptional()
      .describe(
        'When the next attempt to open it starts, whole milliseconds from `atMs`, at most two days; absent when there is none.',
      ),
    stream: z
      .string()
      .min(1)
      .exactOptional()
      .describe('Ended: the `stream` of a recording that was read to its end without loss, made from its content.'),
  })

/** The camera is being opened. The first event of a camera, and of each further attempt. */
export const cameraOpening = eventOf('rollcall.camera.opening.v1', changeTo('opening'), {
  title: 'Camera opening',
  description: 'An attempt to open the camera began.',
  example: examples.cameraOpening,
})

/** Frames arrive, for the first time or again. */
export const cameraOnline = eventOf('rollcall.camera.online.v1', changeTo('online'), {
  title: 'Camera online',
  description:
    'Its frames arrive. With the code `CAMERA_DECODER` they never stopped: a hardware decoder was given up, and software decodes.',
  example: examples.cameraOnline,
})

/** The camera sends, and this machine cannot keep up with it. */
export const cameraOverloaded = eventOf('rollcall.camera.overloaded.v1', changeTo('overloaded'), {
  title: 'Camera overloaded',
  description:
    'The camera sends, but this machine decodes or analyses no picture of it for `stallAfterMs`. The connection stays, and `online` follows when it keeps up again.',
  example: examples.cameraOverloaded,
})

/** The camera is connected, but its picture does not change. */
export const cameraFrozen = eventOf('rollcall.camera.frozen.v1', changeTo('frozen'), {
  title: 'Camera frozen',
  description:
    'The camera sends nothing for `stallAfterMs`, or the very same picture for `frozenAfterMs`. `online` follows when it moves again.',
  example: examples.cameraFrozen,
})

/** The camera has no connection. `retryInMs` says when the next attempt is. */
export const cameraOffline = eventOf('rollcall.camera.offline.v1', changeTo('offline'), {
  title: 'Camera offline',
  description: 'It cannot be opened, or was lost; `retryInMs` says when the next attempt is.',
  example: examples.cameraOffline,
})

/** The camera is not opened again. The last event of a camera. */
export const cameraEnded = eventOf('rollcall.camera.ended.v1', changeTo('ended'), {
  title: 'Camera ended',
  description:
    'A recording was read to its end, or nothing can be done about the camera any more. The last event of it.',
  example: examples.cameraEnded,
})
