import { filter, firstValueFrom, lastValueFrom, map, of } from 'rxjs'
import { trackerOptions } from '../../src/tracking/options.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { type BigFrame, createDetail, type Detail, type LookOutcome } from '../../src/ingest/detail/detail.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import type { EmbeddedFrame } from '../../src/operators/analysed.ts'
import { detectFaces } from '../../src/operators/detect-faces.ts'
import { embedFaces } from '../../src/operators/embed-faces.ts'
import { lookCloser } from '../../src/operators/look-closer.ts'
import { trackFaces } from '../../src/operators/track-faces.ts'
import { createCutDetector } from '../../src/tracking/cut.ts'
import { createTracker } from '../../src/tracking/tracker.ts'
import type { Frame } from '../../src/types.ts'
import type { Models } from '../../src/vision/models.ts'
import { FAR, type FarFootage } from '../support/far-footage.ts'

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Every frame of a recording, one after the other. */
const eachFrame = async (file: string, side: number, use: (frame: Frame) => Promise<void> | void): Promise<void> => {
  const options = cameraOptions.parse({ url: file })
  const cameras = openCameras([{ name: 'x', options }], { pictureSide: side, untilEnd: true, log: quiet })
  let work = Promise.resolve()
  const camera = cameras.named('x')
  const frames$ = camera.ready$.pipe(
    map(() => camera.take()),
    filter((frame) => frame !== null),
    map((frame) => {
      work = work.then(async () => {
        await use(frame)
        frame.close()
      })
    }),
  )
  await lastValueFrom(frames$, { defaultValue: undefined })
  await work
  await cameras.close()
}

/** The key pictures of a recording, as `pictureAt` gives them. */
export const keyPictures = async (file: string): Promise<ReadonlyMap<bigint, BigFrame>> => {
  const pictures = new Map<bigint, BigFrame>()
  let number = 0
  await eachFrame(file, 64, ({ full, ptsUs }) => {
    if (number++ % FAR.keyEvery !== 0) return
    const planes = full.planes.map(({ data, stride }) => ({ data: data.slice(), stride }))
    pictures.set(BigInt(ptsUs) * 1000n, { ...full, planes, damaged: false, close: () => {} })
  })
  return pictures
}

/** What a camera saw, and what its big stream cost. */
export interface FarRun {
  readonly events: readonly RollcallEvent[]
  /** The shorter sides of the faces that were embedded, in pixels of the stream they were embedded from. */
  readonly sizes: Readonly<Record<'main' | 'detail', readonly number[]>>
  readonly outcomes: Readonly<Partial<Record<LookOutcome, number>>>
  readonly decodedShare: number
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
  const outcomes: Partial<Record<LookOutcome, number>> = {}
  let [received, decoded] = [0, 0]
  for (const [camera, footage] of cameras) {
    const following = { tracker: createTracker(trackerOptions.parse({}), camera), cuts: createCutDetector() }
    const detail = times && createDetail({ onOutcome: (outcome) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1) })
    const feed = detail && times ? await feeder(detail, footage, times) : () => {}
    await eachFrame(footage.small, 640, async (frame) => {
      const arrivedAtMs = 1e12 + frame.ptsUs / 1000
      const seen = { ...frame, camera, received: { arrivedAtMs, ntpAtMs: times?.ntp ? arrivedAtMs - 50 : null } }
      feed(frame.ptsUs)
      const [analysed] = await firstValueFrom(
        of([seen]).pipe(
          detectFaces(models.detector),
          trackFaces(() => following),
          lookCloser(() => detail, models.detector),
          embedFaces(models.embedder, () => following.tracker),
        ),
      )
      detail?.release()
      const { faces, endedTracks } = analysed as EmbeddedFrame
      for (const { quality, source = 'main' } of faces) if (quality) sizes[source].push(quality.sizePx)
      const { stream, seq, ptsUs, capturedAtMs, clock, full } = seen
      const stamp = { camera, stream, seq, ptsUs, capturedAtMs, clock, width: full.width, height: full.height }
      events.push(...engine.update({ ...stamp, faces, endedTracks }))
    })
    received += detail?.counts.received ?? 0
    decoded += detail?.counts.decoded ?? 0
  }
  events.push(...engine.finish())
  return { events, sizes, outcomes, decodedShare: decoded / Math.max(received, 1) }
}

/** Gives the detail the units that have arrived when a frame of the small stream is analysed. */
const feeder = async (detail: Detail, { big }: FarFootage, { ntp, lateMs }: FarTimes) => {
  const pictures = await keyPictures(big)
  detail.connected(async (ptsNs) => pictures.get(ptsNs) ?? null)
  let next = 0
  return (smallUs: number): void => {
    for (; next < 700; next++) {
      const atMs = (next * 1000) / FAR.bigFps
      if (atMs + lateMs > smallUs / 1000) return
      const arrivedAtMs = 1e12 + atMs + lateMs
      const ptsNs = BigInt(Math.round(atMs * 1000)) * 1000n
      const ntpAtMs = ntp ? 1e12 + atMs - 50 : null
      detail.unit({ ptsNs, arrivedAtMs, ntpAtMs, key: next % FAR.keyEvery === 0, broken: false })
    }
  }
}
