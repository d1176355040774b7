import type { AccessUnit } from '../../../native/index.js'
import { RollcallError } from '../../errors.ts'
import type { CameraId, Capture } from '../../types.ts'
import { parseCaps } from '../caps.ts'
import { mp4Of } from './mp4.ts'

/** What is asked for. */
export interface CaptureRequest {
  readonly forMs: number
  /** The newest access units that the camera keeps, from a key unit on; empty when there are none. */
  readonly captured: () => readonly AccessUnit[]
  readonly waitMs: (ms: number) => Promise<void>
}

/** Of one capture: it is held in memory, and sent from process to process. */
const MOST_CAPTURE_BYTES = 48 * 1024 ** 2
/** The ring holds four seconds, so it is looked at more often. */
const LOOK_EVERY_MS = 500
/** Longer is waited for a camera that does not send. */
const PATIENCE_MS = 3000
/** A ring that has let its only key frame go gives nothing. */
const KEYS_APART = 'its key frames are further apart than what is kept of it (doctor says how far)'

/**
 * Takes what the ring holds, goes on until there are `forMs`, and writes them as MP4. What came before the first key unit
 * within is not part of it. Rejects with CAMERA_FORMAT and CAMERA_LOST.
 */
export const capture = async (camera: CameraId, request: CaptureRequest): Promise<Capture> => {
  const { forMs, captured, waitMs } = request
  let units = captured()
  let short: string | null = null
  let [quietMs, waitedMs] = [0, 0]
  while (spanOf(units) < forMs && short === null) {
    await waitMs(LOOK_EVERY_MS)
    waitedMs += LOOK_EVERY_MS
    const next = joined(units, captured())
    if (next === null) short = `the camera was opened again, its encoding changed, or ${KEYS_APART}`
    else {
      quietMs = next.length === units.length ? quietMs + LOOK_EVERY_MS : 0
      if (quietMs >= PATIENCE_MS) short = `nothing came for ${PATIENCE_MS / 1000} s, or ${KEYS_APART}`
      units = next
      // Our clock may be set back meanwhile.
      if (waitedMs > forMs + PATIENCE_MS) short = `${(forMs + PATIENCE_MS) / 1000} s are over`
      if (bytesOf(units) > MOST_CAPTURE_BYTES) short = `it reached ${MOST_CAPTURE_BYTES / 1024 ** 2} MiB`
    }
  }
  const kept = lastOf(units, forMs)
  const [first, last] = [kept[0], kept.at(-1)]
  if (first === undefined || last === undefined)
    throw new RollcallError('CAMERA_LOST', `camera ${camera}: it keeps no picture from a key frame on`, {
      remedy:
        'Look at its state first (GET /api/cameras): while it is offline nothing comes. Raw pictures (webcams) are not kept. Otherwise wait for the next key frame: doctor says how far apart they are.',
    })
  const shown = kept.map(timeOf)
  return {
    camera,
    video: mp4Of(kept),
    encoding: parseCaps(first.caps).name,
    pictures: kept.length,
    lengthMs: Math.round(spanOf(kept)),
    startsAtMs: Math.round(Math.min(...shown)),
    arrivedMs: [Math.round(first.arrivedAtMs), Math.round(last.arrivedAtMs)],
    broken: kept.filter(({ broken }) => broken).length,
    short,
  }
}

const bytesOf = (units: readonly AccessUnit[]): number => units.reduce((sum, { data }) => sum + data.length, 0)
const timeOf = ({ ntpAtMs, arrivedAtMs }: AccessUnit): number => ntpAtMs ?? arrivedAtMs
const spanOf = (units: readonly AccessUnit[]): number => (units.at(-1)?.arrivedAtMs ?? 0) - (units[0]?.arrivedAtMs ?? 0)

/** What came since; null when the newest unit of before is not among them: then something is missing in between. */
const joined = (before: readonly AccessUnit[], now: readonly AccessUnit[]): readonly AccessUnit[] | null => {
  const last = before.at(-1)
  if (last === undefined) return now
  if (now.length === 0) return before
  const at = now.findLastIndex(({ ptsNs, arrivedAtMs }) => ptsNs === last.ptsNs && arrivedAtMs === last.arrivedAtMs)
  if (at < 0 || now.at(-1)?.caps !== last.caps) return null
  return [...before, ...now.slice(at + 1)]
}

/** The last `forMs`, and what is before them back to a key unit. */
const lastOf = (units: readonly AccessUnit[], forMs: number): readonly AccessUnit[] => {
  const from = (units.at(-1)?.arrivedAtMs ?? 0) - forMs
  const start = units.findLastIndex(({ key, arrivedAtMs }) => key && arrivedAtMs <= from)
  return start < 0
    ? units.slice(
        Math.max(
          0,
          units.findIndex(({ key }) => key),
        ),
      )
    : units.slice(start)
}
