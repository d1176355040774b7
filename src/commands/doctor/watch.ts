import { filter, firstValueFrom, from, fromEvent, interval, map, merge, type Observable, race, take, timer } from 'rxjs'
import * as addon from '../../../native/index.js'
import { RollcallError, withRemedy } from '../../errors.ts'
import type { Camera } from '../../ingest/camera.ts'
import type { Native } from '../../ingest/camera-deps.ts'
import { cameraSource } from '../../ingest/camera-source.ts'
import { openCameras } from '../../ingest/cameras.ts'
import type { CameraOptions } from '../../ingest/options.ts'
import type { SeenLogins } from '../../ingest/relay/login.ts'
import { silent } from '../../silent-log.ts'
import type { CameraId, Frame } from '../../types.ts'
import { type Cost, costOf } from './cost.ts'
import { keylessVideo, measureVideo, type UnitNote, type VideoFound } from './measure.ts'
import { createPictureLook, type PictureFound } from './picture.ts'
import { createRtpLook, type RtpFound } from './rtp.ts'
import { describeSession, type SessionFound } from './session.ts'
import { tappedRelays } from './tapped-relays.ts'

/** What a camera has sent while it was watched. No text holds a secret. */
export interface Watched {
  readonly kind: 'rtsp' | 'http' | 'file' | 'v4l2'
  /** How RTP comes, such as `tcp` or `TLS over tcp`; null when it is no RTSP. */
  readonly transport: string | null
  /** How the login was answered, such as `Digest with MD5`; null without one. */
  readonly login: string | null
  /** Of the upright picture, in square pixels. */
  readonly width: number
  readonly height: number
  readonly firstFrameMs: number
  readonly watchedMs: number
  readonly video: VideoFound
  /** Null when it is no RTSP. */
  readonly session: SessionFound | null
  /** Null when it is no RTSP over TCP. */
  readonly rtp: RtpFound | null
  readonly picture: PictureFound
  readonly cost: Cost
  /** What went wrong in between: reasons for people. */
  readonly interruptions: readonly string[]
}

/** Why there is no picture, for people, and the code of the failure. What was heard of the camera before stands beside. */
export interface Unwatched {
  readonly reason: string
  readonly code: string
  readonly session: SessionFound | null
  readonly rtp: RtpFound | null
}

/** How long and by whom a camera is watched. */
export interface WatchOptions {
  /** From its first frame on, milliseconds; null: until its frame rate is known. */
  readonly forMs: number | null
  /** Called each second from the opening on. `sinceFrameMs` is null before the first frame. */
  readonly onSecond?: (units: number, sinceFrameMs: number | null) => void
  /** Ends the watching early. */
  readonly signal?: AbortSignal
  /** The longest side of the pictures that are looked at, pixels. It defaults to 64. */
  readonly pictureSide?: number
  /** Called with the first frame, which is closed after it. */
  readonly onFirstFrame?: (frame: Frame) => void
}

/** How long pictures are counted when the stream does not say its rate. */
const countForMs = 1500
const stopWithinMs = 2000
/** Longer than any encoder waits with a picture. */
const mostUnits = 200_000

/** What passes while a camera is open. */
interface Seen {
  /** Of the first unit that passed; before it the format that is announced. */
  caps: string | null
  /** The units of each connection: their times begin anew. */
  readonly connections: UnitNote[][]
  session: SessionFound | null
  readonly rtp: ReturnType<typeof createRtpLook>
  readonly logins: SeenLogins
}

/** The units of the connection that gave most. */
const unitsOf = ({ connections }: Seen): readonly UnitNote[] =>
  connections.reduce<readonly UnitNote[]>((most, each) => (each.length > most.length ? each : most), [])

/** The addon, which notes in `seen` what passes. */
const watching = (seen: Seen): Native => ({
  ...addon,
  open: (options) => {
    const units: UnitNote[] = []
    seen.connections.push(units)
    const pipeline = addon.open({
      ...options,
      onEvent: (event) => {
        if (event.type === 'format' && unitsOf(seen).length === 0) seen.caps = event.caps
        if (event.type === 'accessUnit' && units.length < mostUnits) {
          const { caps, ptsNs, key, data } = event.unit
          if (unitsOf(seen).length === 0) seen.caps = caps
          const ptsMs = ptsNs < 0n ? null : Number(ptsNs) / 1e6
          units.push({ ptsMs, key, bytes: data.length, atMs: performance.now() })
        }
        options.onEvent(event)
      },
    })
    pipeline.accessUnits(true)
    return pipeline
  },
})

/**
 * Opens a camera as `rollcall run` does: logs in, waits for its first frame, watches it, and says what it has sent, or why
 * there is no picture. Throws nothing but mistakes of the program.
 */
export const watchCamera = async (
  name: CameraId,
  options: CameraOptions,
  how: WatchOptions,
): Promise<Watched | Unwatched> => {
  const seen: Seen = {
    caps: null,
    connections: [],
    session: null,
    rtp: createRtpLook(),
    logins: { digest: false, inClear: false },
  }
  const tap = {
    described: (answer: Parameters<typeof describeSession>[0]) => {
      seen.session = describeSession(answer)
      seen.rtp.restart()
    },
    packets: (bytes: Buffer) => seen.rtp.push(bytes, Date.now()),
  }
  try {
    const cameras = openCameras([{ name, options: { ...options, detailUrl: null } }], {
      native: watching(seen),
      relays: tappedRelays(tap, seen.logins),
      pictureSide: how.pictureSide ?? 64,
      untilEnd: false,
      log: silent,
    })
    try {
      return await watchOpened(cameras.named(name), options, seen, how)
    } finally {
      await firstValueFrom(race(from(cameras.close()), timer(stopWithinMs)), { defaultValue: null })
    }
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error
    return { code: error.code, reason: withRemedy(error), session: seen.session, rtp: seen.rtp.found() }
  }
}

const watchOpened = async (
  camera: Camera,
  options: CameraOptions,
  seen: Seen,
  how: WatchOptions,
): Promise<Watched | Unwatched> => {
  const openedAtMs = performance.now()
  const picture = createPictureLook()
  let firstAtMs: number | null = null
  const seconds = interval(1000).subscribe(() => {
    how.onSecond?.(seen.connections.flat().length, firstAtMs === null ? null : performance.now() - firstAtMs)
  })
  const frame$ = camera.ready$.pipe(
    map(() => camera.take()),
    filter((frame) => frame !== null),
  )
  try {
    const first = await firstOf(camera, frame$, options.connectTimeoutMs)
    if ('reason' in first) return { ...first, session: seen.session, rtp: seen.rtp.found() }
    firstAtMs = performance.now()
    const { width, height } = first.full
    picture.note(first.picture)
    how.onFirstFrame?.(first)
    first.close()
    const before = { cpu: process.cpuUsage(), decoded: camera.stats.decoded, received: camera.stats.received }
    const interruptions: string[] = []
    const changes = camera.changes$.subscribe(({ state, reason }) => {
      if (state === 'offline' || state === 'frozen') interruptions.push(reason)
    })
    const looking = frame$.subscribe((frame) => {
      picture.note(frame.picture)
      frame.close()
    })
    await watchFor(camera, how.forMs ?? (measureVideo(seen.caps, []).saidFps === null ? countForMs : 0), how.signal)
    looking.unsubscribe()
    changes.unsubscribe()
    const watchedMs = Math.round(performance.now() - firstAtMs)
    return {
      ...sourceOf(camera, options, seen),
      video: videoOf(seen, camera.stats.received - before.received, watchedMs),
      width,
      height,
      firstFrameMs: Math.round(firstAtMs - openedAtMs),
      watchedMs,
      picture: picture.found(),
      cost: costOf({
        hardware: camera.stats.hardware,
        codec: measureVideo(seen.caps, []).codec,
        cpu: process.cpuUsage(before.cpu),
        frames: camera.stats.decoded - before.decoded,
        watchedMs,
      }),
      interruptions,
    }
  } finally {
    seconds.unsubscribe()
  }
}

/** The first frame, or what happens instead. */
const firstOf = (
  camera: Camera,
  frame$: Observable<Frame>,
  patienceMs: number,
): Promise<Frame | Pick<Unwatched, 'reason' | 'code'>> => {
  const failure$ = camera.changes$.pipe(
    filter(({ state }) => state === 'offline' || state === 'ended'),
    map(({ reason, code = 'CAMERA_LOST' }) => ({ reason, code })),
  )
  const late = { code: 'CAMERA_TIMEOUT', reason: `no picture within ${patienceMs / 1000} s` }
  const late$ = timer(patienceMs + 500).pipe(map(() => late))
  return firstValueFrom(merge(frame$, failure$, late$).pipe(take(1)))
}

/** Waits, at most until the camera has ended or `signal` says so. */
const watchFor = async (camera: Camera, forMs: number, signal?: AbortSignal): Promise<void> => {
  const ended$ = camera.changes$.pipe(filter(({ state }) => state === 'ended'))
  const aborted$ = signal === undefined ? [] : [signal.aborted ? timer(0) : fromEvent(signal, 'abort')]
  await firstValueFrom(merge(timer(forMs), ended$, ...aborted$).pipe(take(1)))
}

const sourceOf = (
  { name }: Camera,
  options: CameraOptions,
  seen: Seen,
): Pick<Watched, 'kind' | 'transport' | 'login' | 'session' | 'rtp'> => {
  const { url } = cameraSource(name, options, false)
  return {
    kind: url.kind,
    transport: url.kind === 'rtsp' ? `${url.tls ? 'TLS over ' : ''}${options.transport}` : null,
    login: seen.logins.name ?? null,
    session: seen.session,
    rtp: seen.rtp.found(),
  }
}

/** Units pass from the first key unit on. `received` counts them all, over `watchedMs`. */
const videoOf = (seen: Seen, received: number, watchedMs: number): VideoFound => {
  const units = unitsOf(seen)
  return units.length === 0 && received > 0
    ? { ...keylessVideo(seen.caps, received, watchedMs), bitsPerS: seen.rtp.found()?.bitsPerS ?? null }
    : measureVideo(seen.caps, units)
}
