import { filter, firstValueFrom, from, map, merge, race, take, timer } from 'rxjs'
import * as addon from '../../../native/index.js'
import { RollcallError } from '../../errors.ts'
import type { Camera } from '../../ingest/camera.ts'
import type { Native } from '../../ingest/camera-deps.ts'
import { cameraSource } from '../../ingest/camera-source.ts'
import { openCameras } from '../../ingest/cameras.ts'
import { parseCaps } from '../../ingest/caps.ts'
import { codecs } from '../../ingest/codecs.ts'
import type { CameraOptions } from '../../ingest/options.ts'
import type { CameraId } from '../../types.ts'
import type { Finding } from './finding.ts'

/** What a camera sends, as far as it is known. */
interface Described {
  /** Null for raw pictures. */
  readonly codec: string | null
  readonly profile: string | null
  /** Of the upright picture, in square pixels. */
  readonly width: number
  readonly height: number
  /** As the stream says, else as measured. */
  readonly fps: number | null
  readonly transport: string | null
  /** From opening to the first decoded frame. */
  readonly firstFrameMs: number
}

/** Why there is no picture, for people, and the code of the failure. */
interface Failure {
  readonly reason: string
  readonly code: string
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
/** How long pictures are counted when the stream does not say its rate. */
const countForMs = 1500
const stopWithinMs = 2000

/** The caps of a stream, and the times of its access units: nanoseconds. */
interface Seen {
  caps: string | null
  readonly times: number[]
}

/** The addon, which notes in `seen` what passes. */
const watching = (seen: Seen): Native => ({
  ...addon,
  open: (options) => {
    const pipeline = addon.open({
      ...options,
      onEvent: (event) => {
        if (event.type === 'accessUnit') {
          seen.caps ??= event.unit.caps
          seen.times.push(Number(event.unit.ptsNs))
        }
        options.onEvent(event)
      },
    })
    if (options.launch.includes('name=encoded')) pipeline.accessUnits(true)
    return pipeline
  },
})

/**
 * Opens a camera as `rollcall run` does: logs in, takes its first frame, and says what it sends, or why there is none. Takes
 * `connectTimeoutMs` of the camera and a few seconds at most.
 */
export const checkCamera = async (name: CameraId, options: CameraOptions): Promise<Finding> => {
  const seen: Seen = { caps: null, times: [] }
  try {
    const cameras = openCameras([{ name, options }], {
      native: watching(seen),
      pictureSide: 64,
      untilEnd: false,
      log: silent,
    })
    try {
      const found = await describe(cameras.named(name), options, seen)
      return 'reason' in found ? failed(name, found) : described(name, found)
    } finally {
      await firstValueFrom(race(from(cameras.close()), timer(stopWithinMs)), { defaultValue: null })
    }
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error
    const { code, message, remedy } = error
    return failed(name, { code, reason: remedy ? `${message} — ${remedy}` : message })
  }
}

/** Waits for the first frame, or for what happens instead. */
const describe = async (camera: Camera, options: CameraOptions, seen: Seen): Promise<Described | Failure> => {
  const startedAtMs = performance.now()
  const frame$ = camera.ready$.pipe(
    map(() => camera.take()),
    filter((frame) => frame !== null),
  )
  const failure$ = camera.changes$.pipe(
    filter(({ state }) => state === 'offline' || state === 'ended'),
    map(({ reason, code = 'CAMERA_LOST' }): Failure => ({ reason, code })),
  )
  const patienceMs = options.connectTimeoutMs
  const late: Failure = { code: 'CAMERA_TIMEOUT', reason: `no picture within ${patienceMs / 1000} s` }
  const late$ = timer(patienceMs + 500).pipe(map(() => late))
  const first = await firstValueFrom(merge(frame$, failure$, late$).pipe(take(1)))
  if ('reason' in first) return first
  const firstFrameMs = Math.round(performance.now() - startedAtMs)
  const { width, height } = first.full
  first.close()
  const counting = frame$.subscribe((frame) => frame.close())
  const said = rateSaid(seen.caps)
  if (said === null) await firstValueFrom(timer(countForMs))
  counting.unsubscribe()
  const { url } = cameraSource(camera.name, options, false)
  const transport = url.kind === 'rtsp' ? `${url.tls ? 'TLS over ' : ''}${options.transport}` : null
  return { ...codecIn(seen.caps), width, height, fps: said ?? rateMeasured(seen.times), transport, firstFrameMs }
}

const codecIn = (caps: string | null): Pick<Described, 'codec' | 'profile'> => {
  if (caps === null) return { codec: null, profile: null }
  const { name, fields } = parseCaps(caps)
  const codec = codecs.find((each) => parseCaps(each.caps).name === name)?.name ?? name
  return { codec, profile: fields.get('profile') ?? null }
}

/** No camera is faster. GStreamer's Motion JPEG says thousands of millions when the stream does not say. */
const mostFps = 1000

/** Frames a second that the stream says; null when it says none, as `0/1`, or what cannot be. */
const rateSaid = (caps: string | null): number | null => {
  const [, frames, seconds] = /^(\d+)\/(\d+)$/.exec((caps && parseCaps(caps).fields.get('framerate')) || '') ?? []
  const rate = Number(frames) / Number(seconds)
  return rate > 0 && rate <= mostFps ? Math.round(rate * 100) / 100 : null
}

const rateMeasured = (times: readonly number[]): number | null => {
  const seconds = (Math.max(...times) - Math.min(...times)) / 1e9
  return times.length > 2 && seconds > 0 ? Math.round((times.length - 1) / seconds) : null
}

const described = (name: CameraId, camera: Described): Finding => {
  const { codec, profile, width, height, fps, transport, firstFrameMs } = camera
  const parts = [
    `${codec ?? 'raw pictures'}${profile === null ? '' : ` (${profile})`}`,
    `${width}×${height}`,
    ...(fps === null ? [] : [`${fps} frames/s`]),
    ...(transport === null ? [] : [transport]),
    `first frame after ${(firstFrameMs / 1000).toFixed(1)} s`,
  ]
  return { verdict: 'good', what: `camera ${name}`, detail: parts.join(', '), data: camera }
}

/** The remedy stands behind a dash in the reason. */
const failed = (name: CameraId, { reason, code }: Failure): Finding => {
  const [detail = '', ...remedy] = reason.split(' — ')
  const fix = remedy.length > 0 ? remedy.join(' — ') : `check cameras.${name}`
  return { verdict: 'bad', what: `camera ${name}`, detail, fix, data: { code } }
}
