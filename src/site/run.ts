import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { combineLatest, EMPTY, finalize, lastValueFrom, merge, mergeMap, type Observable, Subject, tap } from 'rxjs'
import type { Config } from '../config/config.ts'
import { type LeveledLog, tapLog } from '../config/log.ts'
import { describeError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import { createMetrics, mergeMetrics } from '../metrics.ts'
import type { Identified, Seen } from '../operators/identify.ts'
import { inTimeOrder } from '../operators/in-time-order.ts'
import { stopwatch } from '../operators/stopwatch.ts'
import { openMeasuringElsewhere } from '../photos/measure-elsewhere.ts'
import { identity } from '../pipeline.ts'
import { isConfigured } from '../sinks/kafka/client.ts'
import type { Log, TruthScore } from '../types.ts'
import { startAgeing } from './ageing.ts'
import { openSiteCameras } from './cameras/open-cameras.ts'
import { createCaptures } from './captures.ts'
import { isLogged, maxCommitWaitMs } from './committed-identity.ts'
import { createEnrollPhotos } from './enroll-photos.ts'
import { openPeople } from './open-people.ts'
import { type OutputDeps, type Outputs, openOutputs } from './outputs.ts'
import { readiness } from './readiness.ts'
import { recentFrames } from './recent-frames.ts'
import { type Reloaded, reload } from './reload.ts'
import { acknowledgeTo, reportTo } from './reports.ts'
import { createSearchPhoto } from './search-photo.ts'
import { withSpoolDirectory } from './state-directory.ts'
import { stateInPlace } from './state-in-place.ts'
import { createStatus, type Status } from './status.ts'
import { createRecentLog } from './system/recent-log.ts'
import { startSystem } from './system/system-service.ts'
import { createVisionPool } from './vision-pool.ts'
import { createWorkerMessages, type Watched, type WorkersState } from './worker-messages.ts'

/** How a run differs from what the configuration says. */
export interface RunOptions {
  /** Recordings are read at full speed, once, without loss; the run ends when all have ended. */
  readonly untilEnd: boolean
  /** Where people are kept; null or absent keeps them in memory only. */
  readonly stateDirectory?: string | null
  readonly log: LeveledLog
  /** What each vision process runs; `src/worker/worker.ts` when left out. */
  readonly visionEntry?: URL
  /** The built viewer; `viewer/dist` when left out. */
  readonly viewerDirectory?: string
  /** Compares events with the truth, where it is known. */
  readonly scorer?: { saw(events: readonly RollcallEvent[]): void; score(): TruthScore }
  /** The name of the configuration file, for people; null or absent without one. */
  readonly configFile?: string | null
  /** Shows the user a token that was made for this run, because one is needed and the configuration has none. */
  readonly showToken?: (token: string, url: string) => void
}

/** A running site. It runs until `stop`, or to the end of its recordings. */
export interface Run {
  /** Where the viewer is; null when HTTP is off. */
  readonly url: string | null
  readonly status: () => Status
  /** Process IDs of the vision processes, by name. */
  readonly vision: ReadonlyMap<string, number>
  /** Takes over what can change while it runs, and opens the events file again. Rejects when something cannot be used. */
  readonly reload: (next: Config) => Promise<Reloaded>
  /** Stops the cameras; then sinks, server and store are closed, and `done` resolves. */
  stop(): void
  /**
   * Rejects when a worker cannot work at all (no model, no addon), when a commit fails, or when a sink cannot be
   * closed.
   */
  readonly done: Promise<void>
}

const clocks = { wallMs: () => Date.now(), elapsedMs: () => performance.now() }

type Site = Awaited<ReturnType<typeof openSite>>

/**
 * Starts the whole system; this process becomes the identity process of the site. Throws what its parts throw (STATE,
 * MODEL_MISSING, SINK, HTTP_LISTEN, …); then nothing is left open and no vision process was started.
 */
export const startRun = async (config: Config, options: RunOptions): Promise<Run> => {
  await using opening = new AsyncDisposableStack()
  const site = await openSite(config, options, opening)
  const { status, state, outputs, end } = site
  const owned = opening.move()
  const over = lastValueFrom(flow(config, options, site), { defaultValue: null })
  return {
    url: outputs.url,
    status: status.now,
    vision: state.running,
    reload: (next) => reload({ ...site, cameras: options.untilEnd ? null : site.cameras }, config, next),
    stop: end.stop,
    done: closeAfter(over, owned, options.log).then(() => {
      const error = end.fatal.at(-1)
      if (error) throw error
    }),
  }
}

/** Opens what the identity process holds: people, sinks and the server. `owner` closes it. */
const openSite = async (given: Config, options: RunOptions, owner: AsyncDisposableStack) => {
  const { untilEnd, scorer, showToken, visionEntry, viewerDirectory, stateDirectory = null } = options
  const recentLog = createRecentLog(Date.now)
  const log = tapLog(options.log, recentLog.note)
  const config = withSpoolDirectory(given, stateDirectory)
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const people = await openPeople(config, { stateDirectory, log, metrics, nowMs: Date.now, owner })
  const { engine, store } = people
  const lost = stateInPlace(stateDirectory)
  const measuring = owner.adopt(openMeasuringElsewhere(config.models), (opened) => opened.close())
  const status = createStatus([], () => engine.peopleCount())
  const said$ = new Subject<Seen>()
  const frames = recentFrames()
  const state: WorkersState = { running: new Map(), analysing: new Set(), metrics: new Map() }
  const { cameras, figures, camerasService } = openSiteCameras(config, {
    untilEnd,
    stateDirectory,
    configFile: options.configFile ?? null,
    pool: () => pool,
    status,
    frames,
    registry,
    workerMetrics: state.metrics,
    say: (change) => said$.next({ type: 'change', change }),
    log,
    owner,
  })
  const pool = createVisionPool(
    { ...config, cameras: cameras.running() },
    {
      untilEnd,
      recordingsRead: engine.recordingsRead(),
      log,
      ...(visionEntry && { entry: visionEntry }),
      mayStay: () => {
        if (untilEnd || outputs.url === null || end.fatal.length > 0) return false
        const why = Object.keys(cameras.running()).length === 0 ? 'no camera runs' : 'all cameras have ended'
        log.info({ viewer: outputs.url }, `${why}; the viewer and the API stay until this is stopped`)
        return true
      },
    },
  )
  const end = createEnd(() => {
    outputs.finish()
    pool.stop()
  })
  const captures = createCaptures({
    pool,
    isConfigured: (camera) => cameras.has(camera),
    recentEvents: (camera, ageMs) => outputs.webSocket?.recentEvents(camera, ageMs) ?? [],
    nowMs: Date.now,
    waitMs: setTimeout,
  })
  let sinks: Outputs['sinks'] = () => []
  const system = startSystem({
    state,
    status: status.now,
    figures: () => cameras.all().map(({ name }) => figures.of(name)),
    sinks: () => sinks(),
    metrics,
    log: recentLog,
    grafana: config.http.grafana,
    hasSpool: isConfigured(config.sinks.kafka),
    nowMs: Date.now,
  })
  owner.use(system)
  const deps: OutputDeps = {
    camerasService,
    system,
    capture: (camera, forMs) => captures.capture(camera, forMs),
    metrics,
    log,
    lossless: untilEnd,
    exposition: () => mergeMetrics(registry, state.metrics),
    cameras: status.cameras,
    people: () => engine.people(),
    aliases: () => engine.aliases(),
    openSightings: () => engine.openSightings(),
    resolve: (id) => engine.resolve(id),
    peopleService: people.service,
    acts: people.acts,
    ...(stateDirectory !== null && {
      sessionFile: join(stateDirectory, 'sessions.json'),
      certificateDirectory: join(stateDirectory, 'tls'),
    }),
    enrollPhotos: createEnrollPhotos({ measuring, service: people.service, minQuality: config.identity.minQuality }),
    sightings: people.findSightings,
    photos: people.photos,
    decisions: people.decisions,
    searchPhoto: createSearchPhoto({
      measuring,
      whoIs: (embedding, quality) => engine.whoIs(embedding, quality),
      findSightings: people.findSightings,
      sha256: people.sha256,
      minQuality: config.identity.minQuality,
    }),
    eventLog: store?.eventLog ?? null,
    onDelivered: (sequence) => store?.published(sequence),
    onSinkGone: (error) => {
      end.fatal.push(error)
      // Not before `outputs` is here.
      setImmediate(end.stop)
    },
    ...(scorer && { score: () => scorer.score() }),
    ...(showToken && { showToken }),
    ...(viewerDirectory !== undefined && { viewerDirectory }),
    ready: () => readiness(pool.workers(), state, config.vision.hangAfterMs, lost()),
  }
  const outputs = owner.adopt(await openOutputs(config, deps), (opened) => opened.close())
  sinks = () => outputs.sinks()
  store?.announce(outputs.url)
  let logLevel: string | null = null
  const setLogLevel = (level: string): void => {
    logLevel = level
    log.level = level
    pool.send({ type: 'log', level })
  }
  let watched: Watched = { cameras: [], video: [] }
  const { watched$ = EMPTY, watchedVideo$ = EMPTY } = outputs.webSocket ?? {}
  const watching = combineLatest([watched$, watchedVideo$]).subscribe(([cameras, video]) => {
    watched = { cameras: [...cameras], video: [...video.values()] }
    pool.send({ type: 'watch', ...watched })
  })
  owner.defer(() => watching.unsubscribe())
  if (!untilEnd) owner.use(startAgeing({ ...clocks, tick: people.tick, lastMs: engine.clockMs(), log }))
  const now = { watched: () => watched, logLevel: () => logLevel, setLogLevel }
  return {
    ...people,
    metrics,
    pool,
    status,
    state,
    outputs,
    end,
    captures,
    cameras,
    figures,
    frames,
    said$,
    recentLog,
    log,
    ...now,
  }
}

/** How a run ends: by `stop`, or because something failed for good. */
const createEnd = (stop: () => void) => ({
  /** The last is what `done` rejects with. */
  fatal: [] as unknown[],
  stop,
})

/** From the workers through identity into the sinks. Subscribing starts the workers; unsubscribing kills them. */
const flow = (config: Config, { untilEnd, scorer }: RunOptions, site: Site): Observable<Identified> => {
  const { pool, status, state, metrics, engine, outputs, end, cameras, frames, figures, log } = site
  const takeMessage = createWorkerMessages({
    state,
    status,
    frames,
    metrics,
    untilEnd,
    watched: site.watched,
    logLevel: site.logLevel,
    publishPicture: (picture) => outputs.webSocket?.publishPicture(picture),
    publishUnit: (unit) => outputs.webSocket?.publishUnit(unit),
    publishNoVideo: (camera, reason) => outputs.webSocket?.publishNoVideo(camera, reason),
    keepCrop: site.keepCrop,
    captures: site.captures,
    figures,
    onWarning: site.recentLog.note,
    hasCamera: (camera) => cameras.has(camera),
    onFatal: (error) => end.fatal.push(error),
    nowMs: Date.now,
    log,
  })
  // What the site says itself ends with what the workers say.
  const taken$ = pool.messages$.pipe(
    mergeMap(takeMessage),
    finalize(() => site.said$.complete()),
  )
  const seen$ = merge(taken$, site.said$)
  const ordered$ = untilEnd ? seen$.pipe(inTimeOrder(Object.keys(config.cameras), timing)) : seen$
  const report = reportTo({ status, frames, metrics, people: () => engine.peopleCount(), scorer, log })
  const onIdentified = (identified: Identified): void => {
    report(identified)
    if (identified.seen?.type === 'faces') site.crops?.saw(identified.seen.faces)
    if (identified.events.some(isLogged)) site.crops?.stale()
  }
  const timed = stopwatch(metrics.stageDuration)
  // The reader of a recording waits for every acknowledgement, so waiting for more events would only slow it down.
  const wait = untilEnd ? 0 : maxCommitWaitMs
  const parts = { engine: site.committed, outboxes: outputs.outboxes, maxCommitWaitMs: wait, timed, onIdentified }
  return identity(ordered$, parts).pipe(
    tap(forgetWithoutSinks(site)),
    tap(acknowledgeTo(pool, metrics, Date.now)),
    tap(({ seen }) => {
      if (seen && cameras.has(seen.type === 'faces' ? seen.faces.camera : seen.change.camera)) figures.saw(seen)
    }),
  )
}

/** Without sinks nobody has to be told, so what is committed counts as published. */
const forgetWithoutSinks =
  ({ outputs, store }: Pick<Site, 'outputs' | 'store'>) =>
  ({ events }: Identified): void => {
    const last = outputs.outboxes.length === 0 && events.findLast(isLogged)
    if (last) store?.published(last.data.sequence)
  }

const timing = (seen: Seen) =>
  seen.type === 'faces'
    ? { camera: seen.faces.camera, atMs: seen.faces.capturedAtMs, last: false }
    : { camera: seen.change.camera, atMs: seen.change.atMs, last: seen.change.state === 'ended' }

/** Closes everything once `work` is over. When both fail, rejects with the failure of `work`. */
const closeAfter = async (work: Promise<unknown>, owned: AsyncDisposableStack, log: Log): Promise<void> => {
  const [worked] = await Promise.allSettled([work])
  const [closed] = await Promise.allSettled([owned.disposeAsync()])
  if (worked.status === 'fulfilled' && closed.status === 'rejected') throw closed.reason
  if (closed.status === 'rejected') log.error({ error: describeError(closed.reason) }, 'not everything could be closed')
  if (worked.status === 'rejected') throw worked.reason
}
