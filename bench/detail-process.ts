/** Watches one camera, with or without its `detailUrl`, and tells its parent what it holds. Started by detail-memory.ts. */
import { setInterval as every } from 'node:timers/promises'
import * as addon from '../native/index.js'
import { openCameras } from '../src/ingest/cameras.ts'
import { cameraOptions } from '../src/ingest/options.ts'
import { silent } from '../src/silent-log.ts'
import type { Landmarks } from '../src/types.ts'
import { slopeInParts } from '../test/support/slope.ts'

/** What a process held, in bytes; the slope and its standard error are those of a minute. */
export interface Memory {
  readonly peakBytes: number
  readonly slope: number
  readonly error: number
  /** The most that all rings of encoded pictures held. */
  readonly ringBytes: number
  /** Pictures of the big stream that were decoded. */
  readonly looks: number
}

const WARM_UP_S = 8
const LOOK_EVERY_MS = 250
/** A new person comes every so many pictures. */
const NEW_PERSON_EVERY = 50

const face = {
  box: { x: 0.45, y: 0.4, width: 0.03, height: 0.05 },
  landmarks: Array.from({ length: 5 }, () => ({ x: 0.46, y: 0.42 })) as unknown as Landmarks,
  score: 0.9,
}

const { url, detailUrl, seconds } = JSON.parse(process.argv[2] as string)
const pipelines: addon.Pipeline[] = []
const open: typeof addon.open = (options) => {
  const pipeline = addon.open(options)
  pipelines.push(pipeline)
  return pipeline
}
const options = cameraOptions.parse({ url, detailUrl, decoder: 'software' })
const native = { ...addon, open }
const cameras = openCameras([{ name: 'door', options }], { pictureSide: 640, untilEnd: false, log: silent, native })
const door = cameras.named('door')
let [frames, looks] = [0, 0]
door.ready$.subscribe(() => {
  const frame = door.take()
  if (frame === null) return
  const track = `track-${Math.floor(frames++ / NEW_PERSON_EVERY)}`
  door.detail?.note(frame, [{ ...face, track, view: 10 + (frames % NEW_PERSON_EVERY) }])
  const look = door.detail?.take()
  for (const wanted of look?.wanted ?? []) door.detail?.looked(wanted.track, 'found')
  if (look) looks++
  door.detail?.release()
  frame.close()
})

const samples: [minute: number, bytes: number][] = []
let [peakBytes, ringBytes] = [0, 0]
const startedMs = performance.now()
for await (const _ of every(LOOK_EVERY_MS)) {
  const atS = (performance.now() - startedMs) / 1000
  if (atS > WARM_UP_S + seconds) break
  const held = process.memoryUsage.rss()
  peakBytes = Math.max(peakBytes, held)
  ringBytes = Math.max(
    ringBytes,
    pipelines.reduce((sum, { stats }) => sum + stats.ring.bytes, 0),
  )
  if (atS > WARM_UP_S) samples.push([atS / 60, held])
}
await cameras.close()
const { slope, error } = slopeInParts(samples)
process.send?.({ peakBytes, slope, error, ringBytes, looks } satisfies Memory, () => process.disconnect())
