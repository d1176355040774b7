import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import { type Metrics, mergeMetrics } from '../metrics.ts'
import type { MeasuringElsewhere } from '../photos/measure-elsewhere.ts'
import type { TakeSnapshot } from '../server/backup-route.ts'
import type { CamerasService } from '../server/cameras-routes.ts'
import type { SystemService } from '../server/system-routes.ts'
import type { SiteTraces } from '../telemetry/site-traces.ts'
import type { Log } from '../types.ts'
import type { Captures } from './captures.ts'
import { isLogged } from './committed-identity.ts'
import { createEnrollPhotos } from './enroll-photos.ts'
import { eventsGoBeside } from './events-beside.ts'
import { createObjectPhotos } from './object-photos.ts'
import type { SitePeople } from './open-people.ts'
import type { OutputDeps } from './outputs.ts'
import { readiness } from './readiness.ts'
import { createRulesService } from './rules-service.ts'
import type { RunOptions } from './run-options.ts'
import { createSearchPhoto } from './search-photo.ts'
import type { SiteStatus } from './status.ts'
import type { VisionPool } from './vision-pool.ts'
import type { WorkersState } from './worker-messages.ts'

/** The parts of a site that its sinks and its server show, ask and tell. */
export interface OutputDepsParts {
  readonly config: Config
  readonly options: RunOptions
  readonly people: SitePeople
  readonly camerasService: CamerasService
  readonly system: SystemService
  readonly captures: Captures
  readonly takeSnapshot: TakeSnapshot | undefined
  readonly measuring: MeasuringElsewhere
  readonly status: SiteStatus
  readonly pool: Pick<VisionPool, 'workers' | 'reasons'>
  readonly state: WorkersState
  readonly registry: Registry
  readonly metrics: Metrics
  /** Why people can no longer be kept; null while they can. */
  readonly lost: () => string | null
  readonly onSinkGone: (error: unknown) => void
  readonly traces: SiteTraces | null
  readonly log: Log
}

/** What `openOutputs` needs of a site. */
export const outputDeps = (parts: OutputDepsParts): OutputDeps => {
  const { config, options, people, state, status, registry, metrics, log } = parts
  const { engine, store } = people
  const writer = options.takenOver?.writer
  const { untilEnd, scorer, showToken, viewerDirectory, stateDirectory = null } = options
  return {
    ...peopleDeps(parts),
    camerasService: parts.camerasService,
    system: parts.system,
    takeSnapshot: parts.takeSnapshot,
    capture: (camera, forMs) => parts.captures.capture(camera, forMs),
    metrics,
    traces: parts.traces,
    log,
    lossless: untilEnd,
    exposition: () => mergeMetrics(registry, state.metrics),
    cameras: status.cameras,
    people: () => engine.people(),
    aliases: () => engine.aliases(),
    openSightings: () => engine.openSightings(),
    resolve: (id) => engine.resolve(id),
    nameOf: (id) => engine.nameOf(id),
    isDeleted: (id) => engine.isDeleted(id),
    hasRules: () => !people.rules.rules.isEmpty(),
    ...(stateDirectory !== null && {
      sessionFile: join(stateDirectory, 'sessions.json'),
      certificateDirectory: join(stateDirectory, 'tls'),
    }),
    // As the spool of Kafka: below the working directory where people are kept in memory only.
    waitingDirectory: stateDirectory ?? '.rollcall',
    eventLog: store?.eventLog ?? null,
    eventsBefore: store && ((sequence, most) => store.eventsBefore(sequence, most)),
    onDelivered: (sequence) => store?.published(sequence),
    onSinkGone: parts.onSinkGone,
    ...(writer && { settled: () => writer.settled() }),
    isBeside: (event) => writer !== undefined && eventsGoBeside(config) && isLogged(event),
    ...(scorer && { score: () => scorer.score() }),
    ...(showToken && { showToken }),
    ...(viewerDirectory !== undefined && { viewerDirectory }),
    ready: () =>
      readiness(parts.pool.workers(), state, config.vision.hangAfterMs, parts.lost(), [
        ...(parts.pool.reasons?.() ?? []),
        ...[writer?.failure() ?? []].flat(),
      ]),
  }
}

/** What the routes about people call. */
const peopleDeps = ({ config, people, measuring, status, log }: OutputDepsParts) => {
  const { engine, service, findSightings, sha256 } = people
  const { minQuality } = config.identity
  return {
    peopleService: service,
    acts: people.acts,
    rules: createRulesService({
      ...people,
      transact: people.committed.transact,
      cameras: () => status.cameras().map(({ camera }) => camera),
      nowMs: Date.now,
      log,
    }),
    objections: people.objections,
    objectPhotos: createObjectPhotos({ measuring, service: people.objections, minQuality }),
    whatIf: people.whatIf,
    sightings: findSightings,
    photos: people.photos,
    decisions: people.decisions,
    enrollPhotos: createEnrollPhotos({ measuring, service, minQuality, keepCrop: people.keepEnrolled }),
    searchPhoto: createSearchPhoto({
      measuring,
      whoIs: (embedding, quality) => engine.whoIs(embedding, quality),
      findSightings,
      searchTracks: people.searchTracks,
      sha256,
      minQuality,
    }),
  }
}
