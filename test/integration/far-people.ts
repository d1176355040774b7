import { firstValueFrom, of } from 'rxjs'
import type { LoopUnit } from '../../simulator/loop.ts'
import { readLoop } from '../../simulator/read-loop.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { createDetail, type Detail, type LookOutcome } from '../../src/ingest/detail/detail.ts'
import type { BigFrame } from '../../src/ingest/detail/held-pictures.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import type { EmbeddedFrame } from '../../src/operators/analysed.ts'
import { detectFaces } from '../../src/operators/detect-faces.ts'
import { embedFaces } from '../../src/operators/embed-faces.ts'
import { lookCloser } from '../../src/operators/look-closer.ts'
import { trackFaces } from '../../src/operators/track-faces.ts'
import { silent } from '../../src/silent-log.ts'
import { createCutDetector } from '../../src/tracking/cut.ts'
import { trackerOptions } from '../../src/tracking/options.ts'
import { createTracker } from '../../src/tracking/tracker.ts'
import type { Frame } from '../../src/types.ts'
import type { Models } from '../../src/vision/models.ts'
import type { FarFootage } from '../support/far-footage.ts'

/** The frames of a recording, one by one. */
const framesOf = (file: string, side: number) => {
  const options = cameraOptions.parse({ url: file })
  const cameras = openCameras([{ name: 'x', options }], { pictureSide: side, untilEnd: true, log: silent })
  const camera = cameras.named('x')
  let wake = Promise.withResolvers<void>()
  let isOver = false
  camera.ready$.subscribe({
    next: () => wake.resolve(),
    complete: () => {
      isOver = true
      wake.resolve()
    },
  })
  return {
    /** Null at the end. The caller closes it. */
    next: async (): Promise<Frame | null> => {
      for (;;) {
        wake = Promise.withResolvers<void>()
        const frame = camera.take()
        if (frame !== null || isOver) return frame
        await wake.promise
      }
    },
    close: () => cameras.close(),
  }
}

/** What a camera saw, and what its big stream cost. */
export interface FarRun {
  readonly events: readonly RollcallEvent[]
  /** The shorter sides of the faces that were embedded, in pixels of the stream they were embedded from. */
  readonly sizes: Readonly<Record<'main' | 'detail', readonly number[]>>
  readonly outcomes: Readonly<Record<LookOutcome, number>>
  readonly decodedShare: number
  /** The pictures of each big stream that were asked for at once, microseconds. */
  readonly asked: ReadonlyMap<string, readonly (readonly number[])[]>
}

/** How the two streams' times differ, as cameras do it. */
export interface FarTimes {
  /** Whether the streams carry the camera's clock. */
  readonly ntp: boolean
  /** By how much later the big stream comes. */
  readonly lateMs: number
}

/**
 * Runs the vision chain and the engine over cameras that see people from far away, one after the other: with their big
 * streams, or (`times` null) without.
 */
export const watchFar = async (
  cameras: ReadonlyMap<string, FarFootage>,
  models: Models,
  times: FarTimes | null,
): Promise<FarRun> => {
  const engine = createIdentity(identityOptions.parse({}))
  const events: RollcallEvent[] = []
  const sizes = { main: [] as number[], detail: [] as number[] }
  const outcomes = { found: 0, 'not-found': 0, uncertain: 0, gone: 0, late: 0 }
  let [received, decoded] = [0, 0]
  const asked = new Map<string, readonly (readonly number[])[]>()
  for (const [camera, footage] of cameras) {
    const following = { tracker: createTracker(trackerOptions.parse({}), camera), cuts: createCutDetector() }
    const detail = times && createDetail()
    const feed = detail && times ? await feeder(detail, footage, times) : null
    const frames = framesOf(footage.small, 640)
    for (let frame = await frames.next(); frame !== null; frame = await frames.next()) {
      const arrivedAtMs = 1e12 + frame.ptsUs / 1000
      const seen = {
        ...frame,
        camera,
        received: { arrivedAtMs, unitArrivedAtMs: null, ntpAtMs: times?.ntp ? arrivedAtMs - 50 : null },
      }
      await feed?.until(frame.ptsUs / 1000)
      const [analysed] = await firstValueFrom(
        of([seen]).pipe(
          detectFaces(models.detector),
          trackFaces(() => following),
          lookCloser(() => detail, models.detector),
          embedFaces(models.embedder, () => following.tracker),
        ),
      )
      detail?.release()
      frame.close()
      const { faces, endedTracks } = analysed as EmbeddedFrame
      for (const { quality, source = 'main' } of faces) if (quality) sizes[source].push(quality.sizePx)
      const { stream, seq, ptsUs, capturedAtMs, clock, full } = seen
      const stamp = { camera, stream, seq, ptsUs, capturedAtMs, clock, width: full.width, height: full.height }
      events.push(...engine.update({ ...stamp, faces, endedTracks }))
    }
    await Promise.all([frames.close(), feed?.close()])
    asked.set(camera, feed?.asked ?? [])
    received += detail?.counts.received ?? 0
    decoded += detail?.counts.decoded ?? 0
    for (const [outcome, count] of Object.entries(detail?.counts.outcomes ?? {}))
      outcomes[outcome as LookOutcome] += count
  }
  events.push(...engine.finish())
  return { events, sizes, outcomes, decodedShare: decoded / Math.max(received, 1), asked }
}

/** Pictures later in a group than `Detail` asks for. */
const MOST_COST = 12
/** Three groups' worth. */
const MOST_PICTURES = 3 * MOST_COST

/** Gives the detail the units that have arrived when a frame of the small stream is analysed, and decodes what it asks for. */
const feeder = async (detail: Detail, { big }: FarFootage, { ntp, lateMs }: FarTimes) => {
  const { units } = await readLoop(big)
  const inShowing = units.toSorted((a, b) => a.ptsUs - b.ptsUs)
  const depths = new Map<LoopUnit, number>()
  let depth = 0
  for (const unit of units) depths.set(unit, (depth = unit.key ? 1 : depth + 1))
  const frames = framesOf(big, 64)
  const pictures = new Map<number, BigFrame>()
  let shown = 0
  /** Decodes on to a picture. */
  const decodeTo = async (ptsUs: number): Promise<void> => {
    for (; shown < inShowing.length && (inShowing[shown] as LoopUnit).ptsUs <= ptsUs; shown++) {
      const unit = inShowing[shown] as LoopUnit
      const frame = await frames.next()
      if (frame === null) return
      if ((depths.get(unit) ?? 0) <= MOST_COST) {
        const planes = frame.full.planes.map(({ data, stride }) => ({ data: data.slice(), stride }))
        pictures.set(unit.ptsUs, { ...frame.full, planes, damaged: false, close: () => {} })
      }
      if (pictures.size > MOST_PICTURES) pictures.delete(pictures.keys().next().value as number)
      frame.close()
    }
  }
  const asked: number[][] = []
  detail.connected(async (ptsNs) => {
    const wantedUs = ptsNs.map((each) => Number(each / 1000n))
    asked.push(wantedUs)
    return wantedUs.map((each) => pictures.get(each) ?? null)
  })
  let next = 0
  const until = async (smallMs: number): Promise<void> => {
    for (; next < units.length; next++) {
      const { ptsUs, dtsUs, key } = units[next] as LoopUnit
      if (dtsUs / 1000 + lateMs > smallMs) return
      await decodeTo(ptsUs)
      const arrivedAtMs = 1e12 + dtsUs / 1000 + lateMs
      const ntpAtMs = ntp ? 1e12 + ptsUs / 1000 - 50 : null
      detail.unit({ ptsNs: BigInt(ptsUs) * 1000n, arrivedAtMs, ntpAtMs, key, broken: false })
    }
  }
  return { until, asked, close: () => frames.close() }
}
