import { parseCaps } from '../../ingest/caps.ts'
import { codecs } from '../../ingest/codecs.ts'

/** One access unit that passed. */
export interface UnitNote {
  /** Presentation time, milliseconds; null when the stream has none. */
  readonly ptsMs: number | null
  /** When it came, by a monotonic clock, milliseconds. */
  readonly atMs: number
  readonly key: boolean
  readonly bytes: number
}

/** What the access units of a stream show. */
export interface VideoFound {
  /** Null for raw pictures. */
  readonly codec: string | null
  readonly profile: string | null
  readonly level: string | null
  /** Frames a second that the stream says of itself; null when it says none, or what cannot be. */
  readonly saidFps: number | null
  /** Frames a second as measured; null before three. */
  readonly fps: number | null
  readonly bitsPerS: number | null
  readonly units: number
  readonly keys: number
  /** Between key frames, milliseconds; null before two of them. */
  readonly keyEveryMs: { readonly median: number; readonly least: number; readonly most: number } | null
  /** Pictures that are shown earlier than one that is decoded before them: B-frames. */
  readonly reordered: number
}

/** No camera is faster. GStreamer's Motion JPEG says thousands of millions when the stream does not say. */
const mostFps = 1000

/** Measures the units of a stream, in decoding order. `caps` is that of its first unit. */
export const measureVideo = (caps: string | null, units: readonly UnitNote[]): VideoFound => {
  const keys = units.filter(({ key }) => key)
  return {
    ...describeCaps(caps),
    ...ratesOf(units),
    units: units.length,
    keys: keys.length,
    keyEveryMs: distances(keys.map(({ ptsMs, atMs }) => ptsMs ?? atMs)),
    reordered: units.filter(({ ptsMs }, i) => ptsMs !== null && ptsMs < (units[i - 1]?.ptsMs ?? ptsMs)).length,
  }
}

/** What is known of a stream of which no key unit has come, by how many units came in `forMs` milliseconds. */
export const keylessVideo = (caps: string | null, units: number, forMs: number): VideoFound => ({
  ...describeCaps(caps),
  fps: units < 3 || forMs <= 0 ? null : rounded((1000 * units) / forMs),
  bitsPerS: null,
  units,
  keys: 0,
  keyEveryMs: null,
  reordered: 0,
})

/** The last pictures shown may wait for others that have not come: B-frames. */
const mostWaiting = 4

const ratesOf = (units: readonly UnitNote[]): Pick<VideoFound, 'fps' | 'bitsPerS'> => {
  const times = units.map(({ ptsMs, atMs }) => ptsMs ?? atMs).toSorted((a, b) => a - b)
  const whole = times.length > 10 * mostWaiting ? times.slice(0, -mostWaiting) : times
  const spanS = ((whole.at(-1) ?? 0) - (whole[0] ?? 0)) / 1000
  if (whole.length < 3 || spanS <= 0) return { fps: null, bitsPerS: null }
  const perS = (whole.length - 1) / spanS
  const bytes = units.reduce((sum, unit) => sum + unit.bytes, 0)
  return { fps: rounded(perS), bitsPerS: Math.round((8 * bytes * perS) / units.length) }
}

/** Two digits behind the point below a hundred: 29.97. */
const rounded = (value: number): number => Math.round(value * 100) / 100

const distances = (times: readonly number[]): VideoFound['keyEveryMs'] => {
  const steps = times.slice(1).map((time, i) => Math.round(time - (times[i] ?? 0)))
  const sorted = steps.toSorted((a, b) => a - b)
  const [least, most] = [sorted[0], sorted.at(-1)]
  if (least === undefined || most === undefined) return null
  return { median: sorted[Math.floor(sorted.length / 2)] ?? least, least, most }
}

const describeCaps = (caps: string | null): Pick<VideoFound, 'codec' | 'profile' | 'level' | 'saidFps'> => {
  if (caps === null) return { codec: null, profile: null, level: null, saidFps: null }
  const { name, fields } = parseCaps(caps)
  const codec = codecs.find((each) => parseCaps(each.caps).name === name)?.name ?? name
  const [, frames, seconds] = /^(\d+)\/(\d+)$/.exec(fields.get('framerate') ?? '') ?? []
  const rate = Number(frames) / Number(seconds)
  return {
    codec,
    profile: fields.get('profile') ?? null,
    level: fields.get('level') ?? null,
    saidFps: rate > 0 && rate <= mostFps ? rounded(rate) : null,
  }
}
