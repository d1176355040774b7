import type { MetricsJson } from '../../metrics.ts'
import type { Seen } from '../../operators/identify.ts'
import type { CameraFigures, LastError } from '../../server/camera-answers.ts'
import type { CameraChange, CameraId, Clock } from '../../types.ts'

/** Keeps how each camera does, from what passes. */
export interface Figures {
  /** The newest metrics of one process. */
  metrics(process: string, metrics: MetricsJson): void
  saw(seen: Seen): void
  forget(camera: CameraId): void
  of(camera: CameraId): CameraFigures
}

const KEPT_MS = 10_000
const LATENCIES = 64

/** The counts of a camera in one process, at one moment. */
interface Sample {
  readonly atMs: number
  readonly received: number
  readonly analysed: number
  readonly resting: boolean
  readonly asleep: boolean
  readonly steady: boolean
  readonly losses: number
  readonly reconnects: number
  readonly drops: Readonly<Record<string, number>>
}

interface Kept {
  /** By process: a camera may move to another. */
  readonly samples: Map<string, Sample[]>
  readonly latencies: number[]
  codec: string | null
  keyFrameEveryMs: number | null
  clock: Clock | null
  size: { readonly width: number; readonly height: number } | null
  lastFrameAtMs: number | null
  lastError: LastError | null
}

/** Nothing is known yet. `nowMs` is the wall clock. */
export const createFigures = (nowMs: () => number): Figures => {
  const cameras = new Map<CameraId, Kept>()
  const of = (camera: CameraId): Kept => {
    const fresh: Kept = {
      samples: new Map(),
      latencies: [],
      codec: null,
      keyFrameEveryMs: null,
      clock: null,
      size: null,
      lastFrameAtMs: null,
      lastError: null,
    }
    const kept = cameras.get(camera) ?? fresh
    cameras.set(camera, kept)
    return kept
  }
  return {
    metrics: (process, metrics) => {
      for (const [camera, counts] of countsOf(metrics)) {
        const kept = of(camera)
        const known = kept.samples.get(process) ?? []
        const samples = isAnew(counts.sample, known.at(-1)) ? [] : known
        samples.push({ atMs: nowMs(), ...counts.sample })
        while (samples.length > 2 && (samples[1]?.atMs ?? 0) <= nowMs() - KEPT_MS) samples.shift()
        kept.samples.set(process, samples)
        kept.codec = counts.codec ?? kept.codec
        kept.keyFrameEveryMs = counts.keyFrameEveryMs ?? kept.keyFrameEveryMs
      }
    },
    saw: (seen) => {
      if (seen.type === 'change') {
        const error = errorOf(seen.change)
        if (error !== null) of(seen.change.camera).lastError = error
        return
      }
      const { camera, clock, width, height, capturedAtMs } = seen.faces
      const kept = of(camera)
      Object.assign(kept, { clock, size: { width, height }, lastFrameAtMs: nowMs() })
      if (clock === 'file') return
      kept.latencies.push(nowMs() - capturedAtMs)
      if (kept.latencies.length > LATENCIES) kept.latencies.shift()
    },
    forget: (camera) => void cameras.delete(camera),
    of: (camera) => figuresOf(cameras.get(camera), nowMs()),
  }
}

/** A camera that was opened again, or a process that was started again under its name, counts from 0. */
const isAnew = (now: Omit<Sample, 'atMs'>, before: Sample | undefined): boolean =>
  before !== undefined && (now.received < before.received || now.analysed < before.analysed)

const nothing: Omit<CameraFigures, 'lastError'> = {
  receivedFps: 0,
  analysedFps: 0,
  resting: false,
  asleep: false,
  steady: false,
  drops: {},
  losses: 0,
  reconnects: 0,
  latencyMs: null,
  clock: null,
  clockNote: null,
  codec: null,
  size: null,
  keyFrameEveryMs: null,
  lastFrameAtMs: null,
}

const figuresOf = (kept: Kept | undefined, nowMs: number): CameraFigures => {
  if (kept === undefined) return { ...nothing, lastError: null }
  const all = [...kept.samples.values()]
  const last = all.map((samples) => samples.at(-1)).filter((sample) => sample !== undefined)
  const sum = (pick: (sample: Sample) => number): number => last.reduce((total, sample) => total + pick(sample), 0)
  const rate = (pick: (sample: Sample) => number): number =>
    rounded(all.reduce((total, samples) => total + rateOf(samples, pick, nowMs), 0))
  const drops: Record<string, number> = {}
  for (const sample of last)
    for (const [reason, count] of Object.entries(sample.drops)) drops[reason] = (drops[reason] ?? 0) + count
  const { clock, codec, size, keyFrameEveryMs, lastFrameAtMs, lastError, latencies } = kept
  const latencyMs = latencies.length === 0 ? null : { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95) }
  return {
    receivedFps: rate(({ received }) => received),
    analysedFps: rate(({ analysed }) => analysed),
    resting: last.some(({ resting }) => resting),
    asleep: last.some(({ asleep }) => asleep),
    steady: last.some(({ steady }) => steady),
    drops: Object.fromEntries(Object.entries(drops).filter(([, count]) => count > 0)),
    losses: sum(({ losses }) => losses),
    reconnects: sum(({ reconnects }) => reconnects),
    latencyMs,
    clock,
    clockNote: clockNote(clock, latencyMs?.p50 ?? 0),
    codec,
    size,
    keyFrameEveryMs,
    lastFrameAtMs,
    lastError,
  }
}

/** 0 when the process has not told anything lately: the camera has moved, or the process is gone. */
const rateOf = (samples: readonly Sample[], pick: (sample: Sample) => number, nowMs: number): number => {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || first === last || nowMs - last.atMs > KEPT_MS) return 0
  return (1000 * (pick(last) - pick(first))) / Math.max(1, last.atMs - first.atMs)
}

const rounded = (value: number): number => Math.round(value * 10) / 10

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0

/** Light and encoders take a few milliseconds: an event from the future shows a clock that is ahead. */
const AHEAD_MS = -50

const clockNote = (clock: Clock | null, latencyMs: number): string | null => {
  if (clock === 'arrival')
    return 'the camera tells no time, so frames carry that of their arrival; switch on NTP in its menu'
  if (clock === 'file') return 'a recording has its own time'
  return clock === 'camera' && latencyMs < AHEAD_MS
    ? `its clock is about ${Math.round(-latencyMs)} ms ahead of ours: give both the same NTP server`
    : null
}

const errorOf = ({ code, reason, atMs }: CameraChange): LastError | null => {
  if (code === undefined || code === 'CAMERA_PAUSED' || code === 'CAMERA_REMOVED') return null
  const [message = '', ...remedy] = reason.split(' — ')
  return { code, message, remedy: remedy.length === 0 ? null : remedy.join(' — '), atMs }
}

interface Counts {
  readonly sample: Omit<Sample, 'atMs'>
  readonly codec: string | null
  readonly keyFrameEveryMs: number | null
}

const figureNames = [
  'rollcall_units_received_total',
  'rollcall_frames_decoded_total',
  'rollcall_frames_analysed_total',
  'rollcall_key_frame_interval_seconds',
  'rollcall_camera_codec',
  'rollcall_camera_resting',
  'rollcall_camera_asleep',
  'rollcall_camera_steady',
  'rollcall_stream_losses_total',
  'rollcall_camera_reconnects_total',
  'rollcall_drops_total',
  'rollcall_units_skipped_total',
] as const
type FigureName = (typeof figureNames)[number]

/** The names of the metrics that say how the cameras of a process do. */
export const figuresOfCameras: ReadonlySet<string> = new Set(figureNames)

/** What the metrics of a process say of each camera. */
const countsOf = (metrics: MetricsJson): ReadonlyMap<CameraId, Counts> => {
  const index = (name: FigureName) =>
    Map.groupBy(metrics.find((each) => each.name === name)?.values ?? [], ({ labels }) => String(labels.camera))
  const indexes = new Map<FigureName, ReturnType<typeof index>>()
  const valuesOf = (name: FigureName, camera: CameraId) => {
    const found = indexes.get(name) ?? index(name)
    indexes.set(name, found)
    return found.get(camera) ?? []
  }
  const of = (name: FigureName, camera: CameraId): number =>
    valuesOf(name, camera).reduce((sum, { value }) => sum + value, 0)
  const reasons = (name: FigureName, label: 'stage' | 'reason', camera: CameraId): Record<string, number> =>
    Object.fromEntries(valuesOf(name, camera).map(({ labels, value }) => [String(labels[label]), value]))
  const names = index('rollcall_units_received_total').keys()
  return new Map(
    [...names].map((camera): [CameraId, Counts] => {
      const everyS = of('rollcall_key_frame_interval_seconds', camera)
      const codec = valuesOf('rollcall_camera_codec', camera)[0]?.labels.codec
      return [
        camera,
        {
          sample: {
            received: of('rollcall_units_received_total', camera) || of('rollcall_frames_decoded_total', camera),
            analysed: of('rollcall_frames_analysed_total', camera),
            resting: of('rollcall_camera_resting', camera) > 0,
            asleep: of('rollcall_camera_asleep', camera) > 0,
            steady: of('rollcall_camera_steady', camera) > 0,
            losses: of('rollcall_stream_losses_total', camera),
            reconnects: of('rollcall_camera_reconnects_total', camera),
            drops: {
              ...reasons('rollcall_drops_total', 'stage', camera),
              ...reasons('rollcall_units_skipped_total', 'reason', camera),
            },
          },
          codec: codec === undefined ? null : String(codec),
          keyFrameEveryMs: everyS > 0 ? Math.round(everyS * 1000) : null,
        },
      ]
    }),
  )
}
