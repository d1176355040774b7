import { defer, of, VirtualTimeScheduler } from 'rxjs'
import type {
  DecodePolicy,
  NativeFrame,
  OpenOptions,
  Pipeline,
  PipelineEvent,
  PipelineStats,
} from '../../native/index.js'
import { type Camera, openCamera } from '../../src/ingest/camera.ts'
import type { CameraDeps } from '../../src/ingest/camera-deps.ts'
import type { CameraFailure } from '../../src/ingest/camera-failure.ts'
import { noStats } from '../../src/ingest/camera-stats.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import type { Relay } from '../../src/ingest/relay/relays.ts'
import type { RelayState } from '../../src/ingest/relay/thread-messages.ts'
import type { CameraChange, Frame, Log } from '../../src/types.ts'

/** A pipeline that does what the test says, under the addon's contract: for when time and order are what is tested. */
export interface HandDriven {
  readonly options: OpenOptions
  stopped: boolean
  /** Its take() throws from now on. */
  broken: boolean
  /** What `decode()` was last told. */
  policy: DecodePolicy
  /** What `limit()` was told. */
  readonly limits: (number | null)[]
  /** What `doze()` was told last; null until then. */
  maxSleepMs: number | null
  /** And with it; false until then. */
  onlyWhenLate: boolean
  /** What `limit()` was told last with it; false until then. */
  passesLate: boolean
  emit(event: PipelineEvent): void
  /** What the next reading of the statistics adds to what the frames say. */
  stats: Partial<PipelineStats>
  /** An encoded picture has arrived. */
  unit(unit?: { key?: boolean }): void
  /** A decoded frame, all of whose pixels are `mark`; in the order given. */
  frame(frame: { atMs: number; mark?: number; ntpAtMs?: number; damaged?: boolean }): void
  fail(code: number, message?: string): void
}

export interface Bench {
  readonly scheduler: VirtualTimeScheduler
  readonly pipelines: HandDriven[]
  readonly camera: Camera
  readonly changes: CameraChange[]
  /** `state` or `state+retryInMs` of each change. */
  readonly states: () => string[]
  readonly ready: () => number
  readonly logged: string[]
  readonly over: () => boolean
  /** The relay says what is wrong with the camera. */
  readonly accuse: (failure: CameraFailure) => void
  /** The last pipeline opened. */
  readonly pipeline: () => HandDriven
  readonly take: () => Frame | null
  /** Lets virtual time pass, and promises settle on the way. */
  advance(ms: number): Promise<void>
}

/** A relay that hands GStreamer the camera's own URL, and knows of the camera what `state` says. */
const relayTo = (location: string, state: () => RelayState): Relay => ({
  location,
  secret: 'secret',
  isPlaylist: false,
  inClear: false,
  onFailure: () => {},
  onLoss: () => {},
  state$: defer(() => of(state())),
  close: () => {},
})

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

const pictureOf = (mark: number) => ({ width: 8, height: 4, data: new Uint8Array(96).fill(mark) })

export const bench = (
  url: string,
  more: {
    options?: object
    deps?: Partial<CameraDeps>
    /** What opening a pipeline throws. */
    refuse?: (attempt: number) => Error | null
    wrongUrl?: string
    /** Pipelines do not stop when they are told to. */
    neverStops?: boolean
    /** What the relay knows of the camera; nothing unless given. */
    relayState?: RelayState
    /** The wall clock when virtual time is `nowMs`; the same unless given. */
    arrivedAtMs?: (nowMs: number) => number
  } = {},
): Bench => {
  const scheduler = new VirtualTimeScheduler(undefined, 0)
  const pipelines: HandDriven[] = []
  const changes: CameraChange[] = []
  const logged: string[] = []
  let relay: Relay | null = null
  let ready = 0
  let over = false

  const open = (options: OpenOptions): Pipeline => {
    const refusal = more.refuse?.(pipelines.length)
    if (refusal) throw refusal
    const waiting: NativeFrame[] = []
    let decoded = 0
    let taken = 0
    let dropped = 0
    let lastFrameAtMs: number | null = null
    let lastUnitAtMs: number | null = null
    let received = 0
    let keys = 0
    const driven: HandDriven = {
      options,
      stopped: false,
      broken: false,
      policy: 'all',
      limits: [],
      maxSleepMs: null,
      onlyWhenLate: false,
      passesLate: false,
      stats: {},
      unit: ({ key = false } = {}) => {
        received++
        if (key) keys++
        lastUnitAtMs = scheduler.now()
      },
      emit: (event) => options.onEvent(event),
      fail: (code, message = 'it failed') =>
        options.onEvent({ type: 'error', domain: 'gst-resource-error-quark', code, message, debug: '', element: 'x' }),
      frame: ({ atMs, mark = decoded, ntpAtMs, damaged = false }) => {
        if (options.mode === 'newest' && waiting.length > 0) dropped += waiting.splice(0).length
        waiting.push({
          seq: decoded++,
          ptsNs: BigInt(atMs) * 1_000_000n,
          arrivedAtMs: more.arrivedAtMs?.(scheduler.now()) ?? scheduler.now(),
          unitArrivedAtMs: null,
          ntpAtMs: ntpAtMs ?? null,
          rtpTime: null,
          damaged,
          format: 'I420',
          width: 8,
          height: 4,
          matrix: 'bt601',
          fullRange: false,
          planes: [],
          picture: pictureOf(mark),
          encodeJpeg: async () => new Uint8Array(),
          close: () => {},
        })
        lastFrameAtMs = scheduler.now()
        options.onEvent({ type: 'frame' })
      },
    }
    pipelines.push(driven)
    return {
      take: () => {
        if (driven.broken) throw new Error('no memory for hunter2')
        const frame = waiting.shift() ?? null
        if (frame) taken++
        return frame
      },
      accessUnits: () => {},
      limit: (maxFps, passesLate = false) => {
        driven.limits.push(maxFps)
        driven.passesLate = passesLate
      },
      doze: (maxSleepMs, onlyWhenLate = false) => {
        Object.assign(driven, { maxSleepMs, onlyWhenLate })
      },
      turn: 0,
      decode: (policy) => {
        driven.policy = policy
      },
      useHardware: () => {},
      captured: () => [],
      picturesAt: async () => [],
      get stats() {
        const sinceLastFrameMs = lastFrameAtMs === null ? null : scheduler.now() - lastFrameAtMs
        const sinceLastUnitMs = lastUnitAtMs === null ? null : scheduler.now() - lastUnitAtMs
        const counts = { decoded, taken, dropped, received, keys }
        return { ...noStats, ...counts, sinceLastFrameMs, sinceLastUnitMs, ...driven.stats }
      },
      stop: async () => {
        driven.stopped = true
        if (more.neverStops) await new Promise(() => {})
      },
    }
  }

  const keep = (fields: object, message: string) => logged.push(`${message} ${JSON.stringify(fields)}`)
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep }
  let streams = 0
  const options = cameraOptions.parse({ url, ...more.options })
  const camera = openCamera('door', more.wrongUrl === undefined ? options : { ...options, url: more.wrongUrl }, {
    relays: {
      open: () => {
        relay = relayTo(url, () => more.relayState ?? { failure: null, silentMs: null })
        return of(relay)
      },
    },
    native: {
      open,
      typeOf: () => null,
      inspect: (names) => ({ version: '', elements: Object.fromEntries(names.map((n) => [n, true])) }),
    },
    hardware: { mayDecode: () => false, find: async () => null, claim: () => null },
    pictureSide: 640,
    untilEnd: false,
    log,
    time: { nowMs: () => scheduler.now() },
    elapsedMs: () => scheduler.now(),
    random: () => 0.5,
    scheduler,
    newStreamId: () => `s${++streams}`,
    recordingStream: () => of('content'),
    inspectRecording: () => of({ demux: 'qtdemux', caps: 'video/quicktime' }),
    isRead: () => false,
    begun: null,
    ...more.deps,
  })
  camera.changes$.subscribe({ next: (change) => changes.push(change), complete: () => (over = true) })
  camera.ready$.subscribe(() => ready++)

  return {
    scheduler,
    pipelines,
    camera,
    changes,
    states: () => changes.map(({ state, retryInMs }) => (retryInMs === undefined ? state : `${state}+${retryInMs}`)),
    ready: () => ready,
    logged,
    over: () => over,
    accuse: (failure) => relay?.onFailure(failure),
    pipeline: () => pipelines[pipelines.length - 1],
    take: () => camera.take(),
    advance: async (ms) => {
      const end = scheduler.frame + ms
      while (scheduler.frame < end) {
        const next = scheduler.actions[0]?.delay ?? Number.POSITIVE_INFINITY
        scheduler.maxFrames = Math.min(next, end)
        scheduler.flush()
        scheduler.frame = scheduler.maxFrames
        await settled()
      }
    },
  }
}
