import type { AccessUnit } from '../../../native/index.js'
import type { CameraId, Frame, FrameStamp, StreamId, UnitStamp, VideoUnit } from '../../types.ts'
import { parseCaps } from '../caps.ts'
import { codecName, encodings } from './codec-name.ts'

/** A frame of the connection, which says how its units are to be read. */
export interface LatestFrame extends Pick<FrameStamp, 'stream' | 'ptsUs' | 'capturedAtMs' | 'clock'> {
  readonly width: number
  readonly height: number
}

/** What is known of a connection when a unit comes. */
export interface UnitContext {
  readonly stream: StreamId
  /** The last frame taken; null before the first. */
  readonly latest: LatestFrame | null
  /** Degrees clockwise to turn the picture; null when it is mirrored. */
  readonly turn: UnitStamp['turn'] | null
}

/** Who watches a camera's own video. */
export interface VideoWatcher {
  unit(unit: VideoUnit): void
  /** It cannot be sent, and why, for people. Null: it can be again. */
  unavailable(reason: string | null): void
}

/** What of a frame is kept for `UnitContext`. */
export const latestOf = ({ stream, ptsUs, capturedAtMs, clock, full }: Frame): LatestFrame => {
  const { width, height } = full
  return { stream, ptsUs, capturedAtMs, clock, width, height }
}

/** What the caps of units say. Null: no viewer can show them. */
interface Format {
  readonly encoding: UnitStamp['encoding']
  readonly width: number
  readonly height: number
}

const formatOf = (text: string): Format | { readonly reason: string } => {
  const { name, fields } = parseCaps(text)
  const encoding = encodings[name]
  if (encoding === undefined) return { reason: `${name.replace(/^\w+\/(x-)?/, '')} is not sent to viewers` }
  const [wide, high] = (fields.get('pixel-aspect-ratio') ?? '1/1').split('/').map(Number)
  const [width, height] = [Number(fields.get('width') ?? 0), Number(fields.get('height') ?? 0)]
  return { encoding, width: Math.round((width * wide) / high), height }
}

/** So many in a row without a time are no accident. */
const mostWithoutTime = 10

/**
 * Gives the units of one connection what a viewer needs to show them: numbers, times, the codec's name, size and turn. The
 * first unit after `start` is a key unit. A unit without a time is left out: it is the first of its connection, or there are none.
 */
export const createVideoUnits = (camera: CameraId, watcher: () => VideoWatcher | null) => {
  let n = 0
  let withoutTime = 0
  let codec: string | null = null
  let caps: { readonly text: string; readonly format: ReturnType<typeof formatOf> } | null = null
  let saidReason: string | null = null

  const unavailable = (reason: string | null): void => {
    if (reason === saidReason) return
    saidReason = reason
    watcher()?.unavailable(reason)
  }
  return {
    /** Somebody watches from now on, who is told anew. */
    start: (): void => {
      saidReason = null
    },
    unavailable,
    add: (unit: AccessUnit, context: UnitContext): void => {
      n++
      if (caps?.text !== unit.caps) caps = { text: unit.caps, format: formatOf(unit.caps) }
      const { format } = caps
      withoutTime = unit.ptsNs < 0n ? withoutTime + 1 : 0
      const problem = problemOf(format, withoutTime, context)
      unavailable(problem)
      if (problem !== null || 'reason' in format) return
      if (unit.ptsNs < 0n) return
      const ptsUs = Number(unit.ptsNs / 1000n)
      if (unit.key) codec = codecName(format.encoding, unit.data) ?? codec
      // Parameter sets may come later than the first key unit.
      if (codec !== null)
        watcher()?.unit({ ...stampOf(camera, unit, ptsUs, format, context), n, codec, data: unit.data })
    },
  }
}

/** Why a unit cannot be shown; null when it can be. */
const problemOf = (format: ReturnType<typeof formatOf>, withoutTime: number, { turn }: UnitContext): string | null => {
  if ('reason' in format) return format.reason
  if (withoutTime >= mostWithoutTime) return 'its pictures have no time stamps'
  return turn === null ? 'its pictures are mirrored' : null
}

const stampOf = (
  camera: CameraId,
  unit: AccessUnit,
  ptsUs: number,
  format: Format,
  { latest, stream, turn }: UnitContext,
): Omit<UnitStamp, 'n' | 'codec'> => {
  const { arrivedAtMs, key, broken } = unit
  const upright = turned(format, turn ?? 0)
  const { width, height } = latest ?? upright
  return {
    camera,
    stream: latest?.stream ?? stream,
    ptsUs,
    ...timesOf(unit, ptsUs, latest),
    arrivedAtMs: Math.round(arrivedAtMs),
    key,
    broken,
    encoding: format.encoding,
    width,
    height,
    turn: turn ?? 0,
  }
}

/** As the frames of this time have them; without one, by the camera's clock or by arrival. */
const timesOf = (
  { ntpAtMs, arrivedAtMs }: AccessUnit,
  ptsUs: number,
  latest: LatestFrame | null,
): Pick<UnitStamp, 'capturedAtMs' | 'clock'> => {
  if (latest !== null)
    return { capturedAtMs: Math.round(latest.capturedAtMs + (ptsUs - latest.ptsUs) / 1000), clock: latest.clock }
  return { capturedAtMs: Math.round(ntpAtMs ?? arrivedAtMs), clock: ntpAtMs === null ? 'arrival' : 'camera' }
}

const turned = ({ width, height }: Format, turn: number) =>
  turn % 180 === 0 ? { width, height } : { width: height, height: width }
