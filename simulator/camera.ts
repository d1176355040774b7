import { RollcallError } from '../src/errors.ts'
import { seededRandom } from '../src/math/seeded-random.ts'
import type { Loop } from './loop.ts'
import type { LoopPlan } from './loop-plan.ts'
import type { Loses } from './packet-sender.ts'
import { createPlayback, type Playback } from './playback.ts'
import type { Quirks } from './quirks.ts'
import type { Traffic, Viewer } from './viewer.ts'

/** What a simulated camera shows, and how it behaves. */
export interface SimulatedCameraOptions {
  readonly loop: Loop
  /** How far the camera's own clock is ahead of the real time, milliseconds. It defaults to 0. */
  readonly clockSkewMs?: number
  /** Milliseconds between RTCP sender reports; null sends none, as the cheapest cameras do. It defaults to 1000. */
  readonly reportEveryMs?: number | null
  /** Writes absolute URLs into the session description, as many cameras do. It defaults to false. */
  readonly absoluteControl?: boolean
  /** What it shows so long after the first PLAY, in whatever codec. `drops`: it ends its connections then. */
  readonly later?: { readonly loop: Loop; readonly afterMs: number; readonly drops: boolean }
  /** In what it differs from a good camera. They default to the server's. */
  readonly quirks?: Quirks
}

/** A camera that can be made to fail, for tests and the demo. */
export interface SimulatedCamera {
  readonly path: string
  /** Pictures stop; RTCP and RTSP go on, as with a camera whose encoder hangs. */
  freeze(): void
  unfreeze(): void
  /** The camera is gone: its connections are dropped and it answers 404. */
  stop(): void
  start(): void
  /** Drops its clients' connections. They may come back at once. */
  drop(): void
  /**
   * Loses this fraction (0–1) of the RTP packets, the same ones for the same seed: on UDP as a network does, on TCP as
   * a camera whose buffer overflows. It defaults to UDP, and to all packets.
   */
  lose(fraction: number, seed: number, on?: 'udp' | 'tcp', of?: Loses): void
  /** Shows another loop of the same codec from its first picture on. Throws CAMERA_FORMAT when it cannot be sent. */
  switchTo(loop: Loop): void
  /** Sets how far the camera's own clock is ahead, milliseconds. Clients see it from the next sender report on. */
  skewClock(ms: number): void
  /** The picture of the loop, from 0 in presentation order, shown at this time of its own clock; null when unknown. */
  shownAt(unixMs: number): number | null
  readonly stats: Readonly<Traffic> & { readonly clients: number }
}

/** A camera as the RTSP server sees it. Owned by the server, which closes it. */
export interface CameraSource {
  readonly camera: SimulatedCamera
  readonly traffic: Traffic
  readonly options: SimulatedCameraOptions
  plan(): LoopPlan
  stopped(): boolean
  /** Whether the next packet is lost. */
  loses(on: 'udp' | 'tcp', packet: Uint8Array): boolean
  /** Plays from the next key frame on; from the loop's first picture when nobody else is watching. */
  play(viewer: Viewer, disconnect: () => void): void
  /** Idempotent. */
  leave(viewer: Viewer): void
  close(): void
}

/**
 * Creates a camera. `now` is Unix milliseconds with a fraction: it paces the pictures, and is the camera's own clock.
 * Throws CAMERA_FORMAT when the loop cannot be sent.
 */
export const createCamera = (path: string, options: SimulatedCameraOptions, now: () => number): CameraSource => {
  const { clockSkewMs: skewMs = 0, quirks = {} } = options
  const { reportEveryMs = quirks.clock?.reportEveryMs === undefined ? 1000 : quirks.clock.reportEveryMs } = options
  const loop = quirks.loop?.(options.loop) ?? options.loop
  const playback = createPlayback({ loop, skewMs, reportEveryMs, now, rtp: quirks.rtp, joinsAtS: quirks.joinsAtS })
  const traffic: Traffic = { packets: 0, bytes: 0, lostPackets: 0, droppedUnits: 0 }
  const losing: Record<'udp' | 'tcp', Loses> = { udp: () => false, tcp: () => false }
  let isStopped = false
  let changing: NodeJS.Timeout | undefined
  const change = ({ loop: next, drops }: NonNullable<SimulatedCameraOptions['later']>): void => {
    playback.switchTo(next)
    if (drops) playback.disconnectAll()
  }
  const camera: SimulatedCamera = {
    path,
    freeze: playback.freeze,
    unfreeze: playback.unfreeze,
    stop: () => {
      isStopped = true
      playback.disconnectAll()
    },
    start: () => {
      isStopped = false
    },
    drop: playback.disconnectAll,
    lose: (fraction, seed, on = 'udp', of = () => true) => {
      const random = seededRandom(seed)
      losing[on] = (packet) => of(packet) && random() < fraction
    },
    switchTo: (next) => {
      expectSameCodec(path, playback, next)
      playback.switchTo(next)
    },
    skewClock: playback.skewClock,
    shownAt: playback.shownAt,
    get stats() {
      return { ...traffic, clients: playback.count() }
    },
  }
  return {
    camera,
    traffic,
    options,
    plan: playback.plan,
    stopped: () => isStopped,
    loses: (on, packet) => losing[on](packet),
    play: (viewer, disconnect) => {
      playback.add(viewer, disconnect)
      const { later } = options
      if (later !== undefined) changing ??= setTimeout(change, later.afterMs, later)
    },
    leave: playback.remove,
    close: () => {
      clearTimeout(changing)
      playback.disconnectAll()
      playback.removeAll()
    },
  }
}

/** Clients were told the codec when they connected. */
const expectSameCodec = (path: string, playback: Playback, { codec }: Loop): void => {
  const expected = playback.plan().loop.codec
  if (codec === expected) return
  throw new RollcallError('CAMERA_FORMAT', `${path}: expected a loop in ${expected}, not ${codec}`, {
    remedy: 'Add another camera for the other codec.',
  })
}
