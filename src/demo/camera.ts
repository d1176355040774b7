import { RollcallError } from '../errors.ts'
import { seededRandom } from '../math/seeded-random.ts'
import type { Loop } from './loop.ts'
import { type LoopPlan, planLoop } from './loop-plan.ts'
import { createTimeline } from './timeline.ts'
import type { Traffic, Viewer } from './viewer.ts'

export interface SimulatedCameraOptions {
  readonly loop: Loop
  /** How far the camera's own clock is ahead of the real time, milliseconds. It defaults to 0. */
  readonly clockSkewMs?: number
  /** Milliseconds between RTCP sender reports; null sends none, as the cheapest cameras do. It defaults to 1000. */
  readonly reportEveryMs?: number | null
  /** Writes absolute URLs into the session description, as many cameras do. It defaults to false. */
  readonly absoluteControl?: boolean
}

/** A camera that a test or the demo plays tricks on. */
export interface SimulatedCamera {
  readonly path: string
  /** Pictures stop; RTCP and RTSP go on, as with a camera whose encoder hangs. */
  freeze(): void
  unfreeze(): void
  /** The camera is gone: its connections are dropped and it answers 404. */
  stop(): void
  start(): void
  /** Kills its clients' connections now; they may come back at once. */
  drop(): void
  /**
   * Loses this fraction (0–1) of the RTP packets, the same ones for the same seed: on UDP as a network does, on TCP as
   * a camera whose own buffer overflows.
   */
  lose(fraction: number, seed: number, on?: 'udp' | 'tcp'): void
  /** Shows another loop of the same codec from now on, beginning with its first key frame. */
  switchTo(loop: Loop): void
  /** Sets how far the camera's own clock is ahead, milliseconds; seen from the next sender report on. */
  skewClock(ms: number): void
  /**
   * Which picture of the loop, counted from 0 in the order of showing, it showed at this time of its own clock; null
   * when unknown.
   */
  shownAt(unixMs: number): number | null
  readonly stats: Readonly<Traffic> & { readonly clients: number }
}

/** What the RTSP side needs of a camera. */
export interface CameraSource {
  readonly camera: SimulatedCamera
  readonly traffic: Traffic
  readonly options: SimulatedCameraOptions
  plan(): LoopPlan
  stopped(): boolean
  loses(on: 'udp' | 'tcp'): boolean
  /** From the next key frame on; at once from the loop's first picture when nobody else is watching. */
  play(viewer: Viewer, disconnect: () => void): void
  /** Idempotent. */
  leave(viewer: Viewer): void
  close(): void
}

/** `now` is Unix milliseconds with a fraction: it paces the pictures and is the camera's own clock. */
export const createCamera = (path: string, options: SimulatedCameraOptions, now: () => number): CameraSource => {
  const epochMs = now()
  const viewers = new Map<Viewer, () => void>()
  const traffic: Traffic = { packets: 0, bytes: 0, lostPackets: 0, droppedUnits: 0 }
  let plan = planLoop(options.loop)
  const timeline = createTimeline(plan)
  let skewMs = options.clockSkewMs ?? 0
  let frozen = false
  let stopped = false
  const losing = { udp: () => false, tcp: () => false }
  let frameTimer: NodeJS.Timeout | undefined
  let reportTimer: NodeJS.Timeout | undefined

  const mediaUs = () => (now() - epochMs) * 1000
  const report = (viewer: Viewer) => {
    const ms = now()
    viewer.report(ms + skewMs, (ms - epochMs) * 1000)
  }

  const run = () => {
    clearTimeout(frameTimer)
    if (frozen || viewers.size === 0) return
    const nowUs = mediaUs()
    for (let due = timeline.take(nowUs); due !== null; due = timeline.take(nowUs)) {
      for (const viewer of viewers.keys()) viewer.send(due.unit, due.mediaUs)
    }
    frameTimer = setTimeout(run, Math.max(0, (timeline.nextDueUs() - mediaUs()) / 1000))
  }

  const leave = (viewer: Viewer) => {
    viewers.delete(viewer)
    if (viewers.size > 0) return
    clearTimeout(frameTimer)
    clearInterval(reportTimer)
    reportTimer = undefined
  }

  const drop = () => {
    for (const disconnect of viewers.values()) disconnect()
  }

  const camera: SimulatedCamera = {
    path,
    freeze: () => {
      frozen = true
      run()
    },
    unfreeze: () => {
      if (!frozen) return
      frozen = false
      timeline.resume(mediaUs())
      run()
    },
    stop: () => {
      stopped = true
      drop()
    },
    start: () => {
      stopped = false
    },
    drop,
    lose: (fraction, seed, on = 'udp') => {
      const random = seededRandom(seed)
      losing[on] = () => random() < fraction
    },
    switchTo: (loop) => {
      if (loop.codec !== plan.loop.codec) {
        throw new RollcallError('CAMERA_FORMAT', `${path}: expected a loop in ${plan.loop.codec}, not ${loop.codec}`, {
          remedy: 'Add another camera for the other codec.',
        })
      }
      plan = planLoop(loop)
      timeline.begin(plan, mediaUs())
      run()
    },
    skewClock: (ms) => {
      skewMs = ms
    },
    shownAt: (unixMs) => {
      const loopUs = timeline.loopUsAt((unixMs - skewMs - epochMs) * 1000)
      if (loopUs === null) return null
      const index = Math.round((loopUs - plan.firstPtsUs) / plan.frameUs)
      return Math.min(Math.max(index, 0), plan.units.length - 1)
    },
    get stats() {
      return { ...traffic, clients: viewers.size }
    },
  }

  return {
    camera,
    traffic,
    options,
    plan: () => plan,
    stopped: () => stopped,
    loses: (on) => losing[on](),
    play: (viewer, disconnect) => {
      if (viewers.size === 0) timeline.begin(plan, mediaUs())
      viewers.set(viewer, disconnect)
      run()
      const everyMs = options.reportEveryMs === undefined ? 1000 : options.reportEveryMs
      if (everyMs === null) return
      report(viewer)
      reportTimer ??= setInterval(() => [...viewers.keys()].forEach(report), everyMs)
    },
    leave,
    close: () => {
      drop()
      for (const viewer of viewers.keys()) leave(viewer)
    },
  }
}
