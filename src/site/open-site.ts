import { setTimeout } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { Subject } from 'rxjs'
import type { Config } from '../config/config.ts'
import { tapLog } from '../config/log.ts'
import { createMetrics, metricsOfPresent } from '../metrics.ts'
import type { Seen } from '../operators/identify.ts'
import { openMeasuringElsewhere } from '../photos/measure-elsewhere.ts'
import { doubtsAbout } from '../rules/doubts.ts'
import { isConfigured } from '../sinks/kafka/options.ts'
import { openSiteTraces } from '../telemetry/traces.ts'
import type { Log } from '../types.ts'
import { startAgeing } from './ageing.ts'
import type { Figures } from './cameras/camera-figures.ts'
import { openSiteCameras } from './cameras/open-cameras.ts'
import type { SiteCameras } from './cameras/site-cameras.ts'
import { createCaptures } from './captures.ts'
import { openPeople, type SitePeople } from './open-people.ts'
import { outputDeps } from './output-deps.ts'
import { type Outputs, openOutputs } from './outputs.ts'
import { recentFrames } from './recent-frames.ts'
import type { RunOptions } from './run-options.ts'
import { createSnapshots } from './snapshots.ts'
import { withSpoolDirectory } from './state-directory.ts'
import { stateInPlace } from './state-in-place.ts'
import { createStatus } from './status.ts'
import { createRecentLog } from './system/recent-log.ts'
import { startSystem } from './system/system-service.ts'
import { createVisionPool, type VisionPool } from './vision-pool.ts'
import type { WorkersState } from './worker-messages.ts'
import { createWorkerSettings } from './worker-settings.ts'

/** What the identity process holds while a site runs. */
export type Site = Awaited<ReturnType<typeof openSite>>

const clocks = { wallMs: () => Date.now(), elapsedMs: () => performance.now() }

/**
 * Opens people, cameras, sinks and the server; `owner` closes them, after a failure half-way too. No vision process
 * starts. Throws what its parts throw (STATE, MODEL_MISSING, SINK, HTTP_LISTEN, …).
 */
export const openSite = async (given: Config, options: RunOptions, owner: AsyncDisposableStack) => {
  const { untilEnd, stateDirectory = null } = options
  const config = withSpoolDirectory(given, stateDirectory)
  const base = await openBase(config, options, owner)
  const { log, metrics, people, status, state } = base
  const end = createEnd(() => {
    outputs.finish()
    pool.stop()
  })
  const { cameras, figures, camerasService, placed } = openSiteCameras(config, {
    ...base,
    untilEnd,
    stateDirectory,
    configFile: options.configFile ?? null,
    pool: () => pool,
    workerMetrics: state.metrics,
    say: (change) => base.said$.next({ type: 'change', change }),
    env: options.env ?? {},
    ...(options.seam && { isOwner: () => pool.isOwner?.() === true }),
    owner,
  })
  const pool = await openPool(config, options, { ...base, cameras, figures, end, viewer: () => outputs.url })
  const captures = createCaptures({
    pool,
    isConfigured: (camera) => cameras.has(camera),
    recentEvents: (camera, ageMs) => outputs.webSocket?.recentEvents(camera, ageMs) ?? [],
    nowMs: Date.now,
    waitMs: setTimeout,
  })
  // The first sample is taken before there are any.
  let sinks: Outputs['sinks'] = () => []
  const system = startSystem({
    state,
    status: status.now,
    figures: () => cameras.all().map(({ name }) => figures.of(name)),
    sinks: () => sinks(),
    metrics,
    log: base.recentLog,
    grafana: config.http.grafana,
    hasSpool: isConfigured(config.sinks.kafka),
    nowMs: Date.now,
  })
  owner.use(system)
  options.takenOver?.writer.failed.catch((error: unknown) => {
    end.fatal.push(error)
    end.stop()
  })
  const onSinkGone = (error: unknown): void => {
    end.fatal.push(error)
    // Not before `outputs` is here.
    setImmediate(end.stop)
  }
  const deps = outputDeps({ ...base, config, options, camerasService, system, captures, pool, onSinkGone })
  const outputs = owner.adopt(await openOutputs(config, deps), (opened) => opened.close())
  sinks = () => outputs.sinks()
  people.store?.announce(outputs.url)
  const rules = tellingDoubts(people, cameras, log)
  rules.doubt(config.rules)
  const settings = createWorkerSettings(outputs.webSocket, { pool, log, owner })
  if (!untilEnd) owner.use(startAgeing({ ...clocks, tick: people.tick, lastMs: people.engine.clockMs(), log }))
  return { ...base, ...people, ...settings, rules, pool, outputs, end, captures, cameras, figures, placed }
}

interface PoolParts extends Pick<Awaited<ReturnType<typeof openBase>>, 'people' | 'metrics' | 'log'> {
  readonly cameras: Pick<SiteCameras, 'running' | 'has'>
  readonly end: { readonly fatal: unknown[] }
  readonly viewer: () => string | null
  readonly figures: Pick<Figures, 'metrics'>
}

/** The vision processes: this site's own, or those that it meets on Kafka. */
const openPool = async (config: Config, options: RunOptions, parts: PoolParts): Promise<VisionPool> => {
  const { untilEnd, seam, stateDirectory = null } = options
  const { people, cameras, figures, metrics, end, log } = parts
  if (seam) {
    // Loaded when it is asked for: the reader of the schema takes memory.
    const { createSeamPool } = await import('./seam-pool.ts')
    return createSeamPool(config.site, seam, {
      ...clocks,
      ledger: people.ledger,
      isKept: stateDirectory !== null,
      ...(options.takenOver && { receiver: options.takenOver.receiver }),
      sha256: people.sha256,
      hasCamera: (camera) => cameras.has(camera),
      onFigures: (worker, said) =>
        figures.metrics(
          worker,
          metricsOfPresent(said, (camera) => cameras.has(camera)),
        ),
      onFatal: (error) => end.fatal.push(error),
      nowMs: Date.now,
      metrics,
      log,
    })
  }
  return createVisionPool(
    { ...config, cameras: cameras.running() },
    {
      untilEnd,
      recordingsRead: people.engine.recordingsRead(),
      log,
      ...(options.visionEntry && { entry: options.visionEntry }),
      mayStay: () => !untilEnd && end.fatal.length === 0 && staysFor(parts.viewer(), cameras, log),
    },
  )
}

const newMetrics = () => {
  const registry = new Registry()
  return { registry, metrics: createMetrics(registry) }
}

/** Opens the people, and what every other part of the site uses. */
const openBase = async (config: Config, options: RunOptions, owner: AsyncDisposableStack) => {
  const { stateDirectory = null } = options
  const recentLog = createRecentLog(Date.now)
  const log = tapLog(options.log, recentLog.note)
  const { registry, metrics } = options.takenOver ?? newMetrics()
  const stateLog = options.takenOver?.stateLog ?? null
  const deps = { stateDirectory, log, metrics, nowMs: Date.now, stateLog, owner }
  const people = await openPeople(config, deps)
  const { store, snapshotPictures, committed } = people
  const flush = (): void => committed.commit()
  const takeSnapshot = createSnapshots({ stateDirectory, store, snapshotPictures, flush, owner })
  const lost = stateInPlace(stateDirectory)
  const traced = { site: config.site, process: 'main', log }
  const traces = await openSiteTraces(config.telemetry.traces, traced, owner)
  const measuring = owner.adopt(openMeasuringElsewhere(config.models), (opened) => opened.close())
  const status = createStatus([], () => people.engine.peopleCount())
  const state: WorkersState = { running: new Map(), analysing: new Set(), metrics: new Map() }
  /** What the site itself says of cameras. */
  const said$ = new Subject<Seen>()
  const frames = recentFrames()
  const seen = { status, state, said$, frames }
  return { recentLog, log, registry, metrics, people, takeSnapshot, lost, measuring, traces, ...seen }
}

/** The rules of a site. What is strange about them is logged and stops nothing: cameras and people may come later. */
const tellingDoubts = ({ rules, engine }: SitePeople, cameras: Pick<SiteCameras, 'all'>, log: Log) => {
  const doubt = (next: Config['rules']): void => {
    const names = cameras.all().map(({ name }) => name)
    for (const strange of doubtsAbout(next, { cameras: names, people: engine.people() })) log.warn({}, strange)
  }
  return {
    doubt,
    replace: (next: Config['rules']): void => {
      rules.replace(next)
      doubt(next)
    },
  }
}

/** How a run ends: by `stop`, or because something failed for good. */
const createEnd = (stop: () => void) => {
  /** The last is what `done` rejects with. */
  const fatal: unknown[] = []
  let isStopped = false
  return {
    fatal,
    /** Whether it ended before its time, so that a later run may go on with the recordings. */
    isEarly: () => isStopped || fatal.length > 0,
    stop: (): void => {
      isStopped = true
      stop()
    },
  }
}

/** Whether the site goes on without a vision process, because people use its server. Says so. */
const staysFor = (viewer: string | null, cameras: Pick<SiteCameras, 'running'>, log: Log): boolean => {
  if (viewer === null) return false
  const why = Object.keys(cameras.running()).length === 0 ? 'no camera runs' : 'all cameras have ended'
  log.info({ viewer }, `${why}; the viewer and the API stay until this is stopped`)
  return true
}
