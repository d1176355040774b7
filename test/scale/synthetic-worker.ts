/**
 * Stands in for `rollcall vision` where no core is free for a detector: it takes part in the placement and sends faces as that
 * does, but makes them up. On the camera `ada-2` Ada is to be seen.
 *
 *   node synthetic-worker.ts --config FILE --name NAME        ends with SIGTERM, in order
 */

import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Registry } from 'prom-client'
import { Subject } from 'rxjs'
import { seamOf } from '../../src/commands/seam.ts'
import { loadConfig } from '../../src/config/config.ts'
import { kafkaClient } from '../../src/kafka/client.ts'
import { createMetrics } from '../../src/metrics.ts'
import { openPlacement } from '../../src/placement/placement.ts'
import { embedderMark } from '../../src/seam/record.ts'
import { openSender } from '../../src/seam/sender.ts'
import { seamPlace } from '../../src/seam/topic.ts'
import type { CameraChange, CameraId, Faces } from '../../src/types.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'
import { silent } from '../site/site.ts'

const FRAME_MS = 200
const framesOfVisit = 25
/** The least that brokers allow by default. */
const SESSION_MS = 6000

const { values } = parseArgs({ options: { config: { type: 'string' }, name: { type: 'string' } } })
const { config: file = '', name = '' } = values
const config = loadConfig(file, process.env)
const seam = seamOf('vision', config)
const { sha256 } = await chosenEmbedder(config.models)
const sender = openSender(seamPlace(config.site, seam, silent), {
  owner: name,
  embedder: embedderMark(sha256),
  metrics: createMetrics(new Registry()),
  log: silent,
})

const random = randomFrom(process.pid)
/** The same person on all cameras of this name, in every process. */
const lookOn = (camera: CameraId): Float32Array =>
  direction(randomFrom(Buffer.from(camera.split('-')[0] ?? '').reduce((sum, byte) => sum * 31 + byte, 7)))

/** Sends frames of one opening of a camera until it is stopped. */
const watch = (camera: CameraId, epoch: number): (() => void) => {
  const [look, stream] = [lookOn(camera), randomUUID()]
  let seq = 0
  const frame = (): Faces => {
    const track = `${camera}/${stream}/${Math.floor(seq / framesOfVisit)}`
    const isLast = seq % framesOfVisit === framesOfVisit - 1
    const face = faceOf(track, near(look, 0.3, random), 0.8, 0.3)
    return facesAt(Date.now(), seq++, [face], { camera, stream, endedTracks: isLast ? [track] : [] })
  }
  const timer = setInterval(
    () => sender.push({ camera, epoch, what: { type: 'faces', faces: frame() } }, () => undefined),
    FRAME_MS,
  )
  return () => clearInterval(timer)
}

const stops = new Map<CameraId, () => void>()
const placement = await openPlacement({
  changes$: new Subject<CameraChange>(),
  client: (clientId) => kafkaClient(seam, silent, { clientId }),
  topicPrefix: seam.topicPrefix,
  site: config.site,
  slots: config.seam.cameraSlots ?? 0,
  createTopics: true,
  replicationFactor: seam.replicationFactor,
  worker: randomUUID(),
  name,
  capacity: Number(config.seam.capacity),
  cameras: {
    open: (camera, _, epoch) => {
      stops.get(camera)?.()
      stops.set(camera, watch(camera, epoch))
    },
    close: async (camera) => {
      stops.get(camera)?.()
      stops.delete(camera)
    },
  },
  env: {},
  times: { sessionTimeoutMs: SESSION_MS },
  onFailure: (error) => {
    throw error
  },
  wallMs: Date.now,
  elapsedMs: () => performance.now(),
  log: silent,
})
process.once('SIGTERM', () => {
  void placement
    .leave()
    .then(() => sender.close(3000))
    .then(() => process.exit(0))
})
