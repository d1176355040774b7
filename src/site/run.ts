import { Registry } from 'prom-client'
import { EMPTY, from, lastValueFrom, mergeMap, type Observable, of, tap } from 'rxjs'
import type { Config } from '../config/config.ts'
import { describeError, RollcallError } from '../errors.ts'
import { createIdentity } from '../identity/identity.ts'
import { openStore } from '../identity/store/open.ts'
import type { Exit } from '../ipc/supervise.ts'
import { createMetrics, type MetricsJson, mergeMetrics } from '../metrics.ts'
import type { Identified, Seen } from '../operators/identify.ts'
import { inTimeOrder } from '../operators/in-time-order.ts'
import { stopwatch } from '../operators/stopwatch.ts'
import { identity } from '../pipeline.ts'
import { type CameraChange, type CameraId, type Log, type RollcallEvent, type TruthScore, topicOf } from '../types.ts'
import { configuredScale } from '../vision/calibration.ts'
import { chosenEmbedder } from '../vision/models.ts'
import { createCommittedIdentity, isLogged } from './committed-identity.ts'
import { openOutputs } from './outputs.ts'
import { createPeopleService } from './people-service.ts'
import { recentFrames } from './recent-frames.ts'
import { createStatus, type Status } from './status.ts'
import { createVisionPool, type Worker, type WorkerMessage } from './vision-pool.ts'

export interface RunOptions {
  /** Read recordings at full speed, once, losing nothing; it ends when all have ended. */
  readonly untilEnd: boolean
  /** Where people are kept; null or absent: in memory only. */
  readonly stateDirectory?: string | null
  readonly log: Log
  /** Compares events with what is really there, where somebody knows that. */
  readonly scorer?: { saw(events: readonly RollcallEvent[]): void; score(): TruthScore }
  /** Shows a person the token made for this run, where the configuration has none and one is needed. */
  readonly showToken?: (token: string, url: string) => void
}

export interface Run {
  /** Where the viewer is; null when HTTP is off. */
  readonly url: string | null
  readonly status: () => Status
  /** Process IDs of the vision processes, by name. */
  readonly vision: ReadonlyMap<string, number>
  /** Closes cameras, then people, then sinks, then the server; `done` resolves afterwards. */
  stop(): void
  /** Rejects when nothing can be done at all (no model, no addon). */
  readonly done: Promise<void>
}

/** Starts the whole system; this process becomes the identity process of the site. */
export const startRun = async (config: Config, options: RunOptions): Promise<Run> => {
  const { untilEnd, log, scorer, showToken } = options
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const embedder = await chosenEmbedder(config.models)
  const scale = await configuredScale(config.models)
  if (scale) log.info({ embedder: embedder.name, ...scale }, 'cosines are put on the scale of the thresholds')
  const store = options.stateDirectory ? openStore(options.stateDirectory, { embedder }) : null
  const engine = createIdentity(config.identity, {
    site: config.site,
    ...(store && { saved: store.saved() }),
    ...(scale && { scale }),
  })
  const committed = createCommittedIdentity(engine, store)
  const pool = createVisionPool(config, { untilEnd, log })
  const status = createStatus(Object.keys(config.cameras), () => engine.people().length)
  const frames = recentFrames()
  const vision = new Map<string, number>()
  const visionMetrics = new Map<string, MetricsJson>()
  const over = new Set<CameraId>()
  let watched: readonly CameraId[] = []
  let fatal: RollcallError | undefined

  const opening = openOutputs(config, {
    metrics,
    log,
    lossless: untilEnd,
    exposition: () => mergeMetrics(registry, visionMetrics),
    cameras: status.cameras,
    people: () => engine.people(),
    resolve: (id) => engine.resolve(id),
    peopleService: createPeopleService({
      gallery: engine,
      transact: committed.transact,
      history: (person) => store?.history(person) ?? [],
      embedder,
      nowMs: Date.now,
    }),
    onDelivered: (sequence) => store?.published(sequence),
    ...(scorer && { score: () => scorer.score() }),
    ...(showToken && { showToken }),
    ready: () => {
      const reasons = pool.workers.filter(({ name }) => !vision.has(name)).map(({ name }) => `${name} is not running`)
      return { ready: reasons.length === 0, reasons }
    },
  })
  const outputs = await opening.catch((error: unknown) => {
    store?.close()
    throw error
  })
  store?.announce(outputs.url)
  const watching = outputs.webSocket?.watched$.subscribe((cameras) => {
    watched = [...cameras]
    for (const worker of pool.workers) worker.send({ type: 'watch', cameras: watched })
  })

  /** Passes on what concerns people; deals with everything else. */
  const toSeen = ({ from: worker, message }: WorkerMessage): Observable<Seen> => {
    switch (message.type) {
      case 'faces':
        return of(message)
      case 'change':
        if (message.change.state === 'ended') over.add(message.change.camera)
        return of(message)
      case 'picture': {
        const frame = frames.find(message.stamp)
        if (frame) outputs.webSocket?.publishPicture({ frame, jpeg: message.jpeg })
        return EMPTY
      }
      case 'metrics':
        visionMetrics.set(worker.name, message.metrics)
        status.metrics(worker.name, message.metrics)
        return EMPTY
      case 'started':
        vision.set(worker.name, message.pid)
        worker.send({ type: 'watch', cameras: watched })
        return EMPTY
      case 'fatal':
        vision.delete(worker.name)
        return giveUp(
          worker,
          new RollcallError(message.code, message.message, message.remedy ? { remedy: message.remedy } : {}),
        )
      case 'died':
        vision.delete(worker.name)
        return died(worker, message.exit, message.restartInMs)
    }
  }

  /** The others go on; these cameras are over, so that nothing waits for them. */
  const giveUp = (worker: Worker, error: RollcallError): Observable<Seen> => {
    log.error({ process: worker.name, error: describeError(error) }, 'vision process gave up')
    fatal = error
    const left = worker.cameras.filter((camera) => !over.has(camera))
    const change = { state: 'ended', atMs: untilEnd ? 0 : Date.now(), reason: error.message, code: error.code } as const
    return from(left.map((camera): Seen => ({ type: 'change', change: { ...change, camera } })))
  }

  const died = (worker: Worker, { code, signal }: Exit, restartInMs: number | null): Observable<Seen> => {
    const how = signal ? `was killed by ${signal}` : `ended with code ${code}`
    if (restartInMs === null)
      return giveUp(
        worker,
        new RollcallError('PIPELINE', `${worker.name} ${how} before its recordings were read to their end`),
      )
    log.error({ process: worker.name, restartInMs }, `vision process ${how}; a new one starts`)
    metrics.visionRestarts.inc()
    const change = { state: 'offline', atMs: Date.now(), code: 'PIPELINE', retryInMs: restartInMs } as const
    const reason = `its vision process ${how}`
    return from(worker.cameras.map((camera): Seen => ({ type: 'change', change: { ...change, camera, reason } })))
  }

  const onIdentified = ({ seen, events }: Identified): void => {
    if (seen?.type === 'faces') status.saw(seen.faces)
    if (seen?.type === 'change') {
      status.change(seen.change)
      metrics.setCameraState(seen.change.camera, seen.change.state)
      logChange(log, seen.change)
    }
    scorer?.saw(events)
    for (const event of events) {
      metrics.events.inc({ topic: topicOf(event) })
      if (event.type === 'rollcall.frame.v1') frames.add(event.data)
    }
    metrics.people.set(engine.people().length)
  }

  /** Without sinks there is nobody left to tell. */
  const forgetEvents = ({ events }: Identified): void => {
    const last = outputs.outboxes.length === 0 && events.findLast(isLogged)
    if (last) store?.published(last.data.sequence)
  }

  /** Only now may the vision process send more of this camera. */
  const acknowledge = ({ seen }: Identified): void => {
    if (seen?.type !== 'faces') return
    const { camera, capturedAtMs, clock } = seen.faces
    pool.workerOf(camera)?.send({ type: 'ack', camera })
    if (clock !== 'file') metrics.captureToEvent.observe({ camera }, (Date.now() - capturedAtMs) / 1000)
  }

  const seen$ = pool.messages$.pipe(mergeMap(toSeen))
  const ordered$ = untilEnd ? seen$.pipe(inTimeOrder(Object.keys(config.cameras), timing)) : seen$
  const timed = stopwatch(metrics.stageDuration)
  const done = lastValueFrom(
    identity(ordered$, committed, outputs.outboxes, { timed, onIdentified }).pipe(tap(forgetEvents), tap(acknowledge)),
    { defaultValue: null },
  )
    .finally(() => watching?.unsubscribe())
    .finally(() => outputs.close())
    .finally(() => store?.close())
    .then(() => {
      if (fatal) throw fatal
    })
  const stop = (): void => {
    for (const worker of pool.workers) worker.stop()
  }
  return { url: outputs.url, status: status.now, vision, stop, done }
}

const timing = (seen: Seen) =>
  seen.type === 'faces'
    ? { camera: seen.faces.camera, atMs: seen.faces.capturedAtMs, last: false }
    : { camera: seen.change.camera, atMs: seen.change.atMs, last: seen.change.state === 'ended' }

const logChange = (log: Log, { camera, state, reason, code, retryInMs }: CameraChange): void => {
  const fields = { camera, reason, ...(code && { code }), ...(retryInMs !== undefined && { retryInMs }) }
  if (state === 'offline' || state === 'frozen' || code) log.warn(fields, `camera ${state}`)
  else log.info(fields, `camera ${state}`)
}
