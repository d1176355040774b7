import type { Loop } from './loop.ts'
import { type LoopPlan, planLoop } from './loop-plan.ts'
import type { RtpQuirks } from './quirks.ts'
import { createTimeline } from './timeline.ts'
import type { Viewer } from './viewer.ts'

/** Plays a camera's loop to its viewers: each picture when it is due, and sender reports at intervals. */
export interface Playback {
  readonly plan: () => LoopPlan
  /** How many viewers there are. */
  readonly count: () => number
  /** Adds a viewer. The first one gets the loop from its first picture, the others from the next key frame on. */
  readonly add: (viewer: Viewer, disconnect: () => void) => void
  /** Removes a viewer. Without viewers nothing runs. Idempotent. */
  readonly remove: (viewer: Viewer) => void
  /** Disconnects every viewer; each is removed when its connection has closed. */
  readonly disconnectAll: () => void
  readonly removeAll: () => void
  /** Pictures stop; reports go on. */
  readonly freeze: () => void
  readonly unfreeze: () => void
  /** Plays another loop from its first picture on. Throws CAMERA_FORMAT when it cannot be sent. */
  readonly switchTo: (loop: Loop) => void
  /** Sets how far the camera's clock is ahead of `now`, milliseconds. */
  readonly skewClock: (ms: number) => void
  /**
   * The picture of the loop, from 0 in presentation order, shown at this time of the camera's clock; null when unknown.
   */
  readonly shownAt: (unixMs: number) => number | null
}

/** How a loop is played. */
export interface PlaybackOptions {
  readonly loop: Loop
  readonly skewMs: number
  /** Time between sender reports; null sends none. */
  readonly reportEveryMs: number | null
  /** How pictures become packets. */
  readonly rtp?: RtpQuirks | undefined
  /** The first viewer gets the loop from so many seconds of it on. It defaults to 0. */
  readonly joinsAtS?: number | undefined
  /** Unix milliseconds with a fraction, never jumping back. */
  readonly now: () => number
}

/** Prepares a loop; nothing is sent before a viewer is added. Throws CAMERA_FORMAT when the loop cannot be sent. */
export const createPlayback = (options: PlaybackOptions): Playback => {
  const { loop, now, reportEveryMs, rtp, joinsAtS = 0 } = options
  const epochMs = now()
  const viewers = new Map<Viewer, () => void>()
  let plan = planLoop(loop, rtp)
  const timeline = createTimeline(plan)
  let { skewMs } = options
  let isFrozen = false
  let frameTimer: NodeJS.Timeout | undefined

  const mediaUs = (): number => (now() - epochMs) * 1000
  const reports = createReports(viewers, reportEveryMs, (viewer) => {
    const ms = now()
    viewer.report(ms + skewMs, (ms - epochMs) * 1000)
  })
  const run = (): void => {
    clearTimeout(frameTimer)
    if (isFrozen || viewers.size === 0) return
    const nowUs = mediaUs()
    for (let due = timeline.take(nowUs); due !== null; due = timeline.take(nowUs)) {
      for (const viewer of viewers.keys()) viewer.send(due.unit, due.mediaUs)
    }
    frameTimer = setTimeout(run, Math.max(0, (timeline.nextDueUs() - mediaUs()) / 1000))
  }
  const remove = (viewer: Viewer): void => {
    viewers.delete(viewer)
    if (viewers.size > 0) return
    clearTimeout(frameTimer)
    reports.stop()
  }

  return {
    plan: () => plan,
    count: () => viewers.size,
    add: (viewer, disconnect) => {
      if (viewers.size === 0) timeline.begin(plan, mediaUs(), indexAt(plan, joinsAtS * 1e6))
      viewers.set(viewer, disconnect)
      run()
      reports.begin(viewer)
    },
    remove,
    disconnectAll: () => {
      for (const disconnect of viewers.values()) disconnect()
    },
    removeAll: () => [...viewers.keys()].forEach(remove),
    freeze: () => {
      isFrozen = true
      run()
    },
    unfreeze: () => {
      if (!isFrozen) return
      isFrozen = false
      timeline.resume(mediaUs())
      run()
    },
    switchTo: (next) => {
      plan = planLoop(next, rtp)
      timeline.begin(plan, mediaUs())
      run()
    },
    skewClock: (ms) => void (skewMs = ms),
    shownAt: (unixMs) => {
      const loopUs = timeline.loopUsAt((unixMs - skewMs - epochMs) * 1000)
      return loopUs === null ? null : pictureAt(plan, loopUs)
    },
  }
}

/** Sends reports to viewers: at once to a new one, then to all, every so often. */
const createReports = (
  viewers: ReadonlyMap<Viewer, unknown>,
  everyMs: number | null,
  report: (viewer: Viewer) => void,
) => {
  let timer: NodeJS.Timeout | undefined
  return {
    begin: (viewer: Viewer): void => {
      if (everyMs === null) return
      report(viewer)
      timer ??= setInterval(() => [...viewers.keys()].forEach(report), everyMs)
    },
    stop: (): void => {
      clearInterval(timer)
      timer = undefined
    },
  }
}

/** The index of the first picture that is sent at a time in the loop or later, microseconds; of the first one when none is. */
const indexAt = ({ units }: LoopPlan, us: number): number =>
  Math.max(
    0,
    units.findIndex(({ sendUs }) => sendUs >= us),
  )

/** The index of the picture shown at a time in the loop, microseconds. */
const pictureAt = ({ firstPtsUs, frameUs, units }: LoopPlan, loopUs: number): number =>
  Math.min(Math.max(Math.round((loopUs - firstPtsUs) / frameUs), 0), units.length - 1)
