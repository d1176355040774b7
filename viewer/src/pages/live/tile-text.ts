import type { VideoFigures, VideoLevel } from '@rollcall/client/video'
import type { FrameEvent } from '../../../../src/events/types.ts'
import type { CameraChange, CameraId, PersonId } from '../../../../src/types.ts'
import { countOf } from '../../ui/count.ts'
import { shortId } from '../../ui/person-look.ts'

const stateTitle = {
  opening: 'Opening',
  online: 'Waiting for the first picture',
  overloaded: 'Overloaded',
  frozen: 'Frozen',
  offline: 'Offline',
  ended: 'Ended',
} as const

/** What stands over the picture of a camera in this state, and the state for the style sheet. */
export const stateText = ({
  code,
  state,
  reason,
}: CameraChange): Readonly<Record<'name' | 'title' | 'reason', string>> =>
  code === 'CAMERA_PAUSED'
    ? { name: 'paused', title: 'Paused', reason: 'Resume it on the page Cameras.' }
    : { name: state, title: stateTitle[state], reason }

/** What is written over somebody of whom only poor looks have come; null for who has not been told yet at all. */
export const unclearText = ({
  provisional,
}: Pick<FrameEvent['data']['faces'][number], 'provisional'>): string | null =>
  provisional === undefined ? null : `unclear ${shortId(provisional)}`

/** Who is in a picture, for screen readers. */
export const pictureText = (
  camera: CameraId,
  { faces, damaged }: FrameEvent['data'],
  nameOf: (person: PersonId) => string,
): string => {
  const names = faces.map((face) => (face.person === null ? (unclearText(face) ?? 'somebody') : nameOf(face.person)))
  return `Camera ${camera}: ${names.length === 0 ? 'nobody' : names.join(', ')}${damaged ? ' (damaged picture)' : ''}`
}

const levelWords = {
  all: 'video',
  fewer: 'video, fewer pictures',
  keys: 'key frames',
  stills: 'stills',
  nothing: '',
} as const

/** The read-out: how exact and how late what is shown is. */
export const readoutText = (level: VideoLevel, figures: VideoFigures | null): string => {
  if (figures === null || figures.shown === 0) return levelWords[level]
  const { errorFrames, latencyMs, clock, dropped } = figures
  const late = latencyMs === null || clock === 'file' ? '' : ` · ${latencyMs.p50} ms old`
  return `${levelWords[level]} · boxes ${countOf(errorFrames, 'frame')} off${late} · ${dropped} dropped`
}

/** The frame rate; empty while there is none. */
export const rateText = (fps: number): string => (fps === 0 ? '' : `${fps.toFixed(fps < 10 ? 1 : 0)} fps`)

/** When the camera is opened again, in so many milliseconds; empty when it is not (null). */
export const retryText = (inMs: number | null): string => {
  if (inMs === null) return ''
  return inMs > 0 ? `Next try in ${Math.ceil(inMs / 1000)} s` : 'Trying again …'
}
