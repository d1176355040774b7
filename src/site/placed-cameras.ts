import { randomUUID } from 'node:crypto'
import { Subject } from 'rxjs'
import type { Config } from '../config/config.ts'
import { RollcallError } from '../errors.ts'
import { kafkaClient, redact } from '../kafka/client.ts'
import { reasonOf } from '../kafka/failure.ts'
import type { Metrics } from '../metrics.ts'
import { openPlacement, type Placement } from '../placement/placement.ts'
import type { SeamTarget } from '../seam/options.ts'
import type { CameraChange, CameraId, Log } from '../types.ts'
import { createClosings } from './closings.ts'
import { countProcesses, thisMachine } from './process-count.ts'
import type { SiteStatus } from './status.ts'
import type { VisionPool, WorkerMessage } from './vision-pool.ts'

/** What a vision role places cameras with. */
export interface PlacedCamerasParts {
  readonly seam: SeamTarget
  readonly slots: number
  readonly name: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pool: Pick<VisionPool, 'open' | 'close' | 'workerOf'>
  readonly status: Pick<SiteStatus, 'add' | 'remove'>
  readonly metrics: Pick<Metrics, 'placement'>
  readonly onFailure: (error: Error) => void
  readonly log: Log
}

/** The cameras of a vision role that Kafka places here. */
export interface PlacedCameras {
  /** Rises with each owner of the camera; undefined for one that is not here. */
  readonly epochOf: (camera: CameraId) => number | undefined
  /** Every message of a worker. */
  noteMessage(message: WorkerMessage): void
  noteChange(change: CameraChange): void
  /** From now on cameras come. Rejects with SINK when the brokers are away or refuse it. */
  readonly join: () => Promise<void>
  /** Gives all cameras to others. Resolves when each is closed. */
  readonly leave: () => Promise<void>
}

/** A GPU does the work of about so many cores. */
const GPU_CAPACITY = 16

/** What this machine can do beside others, in workers of one core. */
const capacityOf = (config: Pick<Config, 'vision' | 'models' | 'seam'>): number => {
  const { capacity } = config.seam
  if (capacity !== 'auto') return capacity
  const machine = thisMachine()
  const { processes } = countProcesses(config, machine)
  const onGpu = machine.hasGpu && countProcesses(config, { ...machine, hasGpu: false }).processes !== processes
  return onGpu ? GPU_CAPACITY : processes
}

/** Takes cameras into the pool as they are placed here, from `join` until `leave`. */
export const createPlacedCameras = (config: Config, parts: PlacedCamerasParts): PlacedCameras => {
  const { seam, pool, status, metrics, log } = parts
  const here = new Map<CameraId, number>()
  const changes$ = new Subject<CameraChange>()
  const closings = createClosings(pool)
  let placement: Placement | null = null
  const count = (what: 'opened' | 'closed'): void => {
    metrics.placement.cameras.set(here.size)
    metrics.placement.moves.inc({ what })
  }
  const open = (): Promise<Placement> => {
    const capacity = capacityOf(config)
    metrics.placement.capacity.set(capacity)
    return openPlacement({
      client: (clientId) => kafkaClient(seam, log, { clientId }, 'seam.kafka'),
      topicPrefix: seam.topicPrefix,
      createTopics: seam.createTopics,
      replicationFactor: seam.replicationFactor,
      site: config.site,
      slots: parts.slots,
      worker: randomUUID(),
      name: parts.name,
      capacity,
      cameras: {
        open: (camera, options, epoch) => {
          here.set(camera, epoch)
          status.add(camera)
          pool.open(camera, options)
          count('opened')
        },
        close: async (camera) => {
          await closings.close(camera)
          here.delete(camera)
          status.remove(camera)
          count('closed')
        },
      },
      changes$,
      onRefused: () => metrics.placement.moves.inc({ what: 'refused' }),
      onFailure: parts.onFailure,
      env: parts.env,
      wallMs: Date.now,
      elapsedMs: () => performance.now(),
      log,
    })
  }
  return {
    epochOf: (camera) => here.get(camera),
    noteMessage: (message) => closings.note(message),
    noteChange: (change) => changes$.next(change),
    join: async () => {
      placement = await open().catch((cause: unknown) => {
        if (cause instanceof RollcallError) throw cause
        throw new RollcallError('SINK', `seam.kafka: no camera can be placed: ${redact(seam, reasonOf(cause))}`, {
          cause,
          remedy: 'Check seam.kafka with rollcall doctor --config FILE, and start again once the brokers answer.',
        })
      })
    },
    leave: async () => placement?.leave(),
  }
}
