import type { Config } from '../config/config.ts'
import { createIdentity, type Identity } from '../identity/identity.ts'
import { archiveInMemory } from '../identity/store/archive.ts'
import { openStore } from '../identity/store/open.ts'
import type { StoredEmbedder } from '../identity/store/problems.ts'
import { schemaVersion } from '../identity/store/schema.ts'
import type { StateLog } from '../identity/store/state-commits.ts'
import type { Store } from '../identity/store/store.ts'
import type { Metrics } from '../metrics.ts'
import { createLedger, type Ledger } from '../seam/ledger.ts'
import type { ActsService } from '../server/acts-routes.ts'
import type { DecisionsOf } from '../server/decisions-route.ts'
import type { ObjectionsService } from '../server/objections-routes.ts'
import type { PeopleService } from '../server/people-routes.ts'
import type { FindSightings } from '../server/sightings-routes.ts'
import type { AskWhatIf } from '../server/what-if-route.ts'
import type { Log, WallMs } from '../types.ts'
import { type CosineScale, configuredScale } from '../vision/calibration.ts'
import { chosenEmbedder } from '../vision/chosen-embedder.ts'
import { formerEmbedders } from '../vision/former-embedders.ts'
import { shippedModels } from '../vision/options.ts'
import { createActing } from './acting.ts'
import { type ActsServiceParts, createActsService } from './acts-service.ts'
import { type CommittedIdentity, createCommittedIdentity } from './committed-identity.ts'
import { openPictures, type Pictures } from './crops/open-pictures.ts'
import { createDecisions } from './decisions.ts'
import { findSightingsIn } from './find-sightings.ts'
import { createObjectionsService, type ObjectionsParts } from './objections-service.ts'
import { createPeopleService } from './people-service.ts'
import { rehearsing } from './rehearse.ts'
import { createSearchTracks, type SearchTracks } from './search-tracks.ts'
import { createSiteRules, type SiteRules } from './site-rules.ts'
import { createWhatIf } from './what-if.ts'

/** All parts that deal with the people of a site. */
export interface SitePeople
  extends Pick<Pictures, 'crops' | 'photos' | 'keepCrop' | 'keepEnrolled' | 'snapshotPictures'> {
  /** Null when people are kept in memory only. */
  readonly store: Store | null
  readonly engine: Identity
  readonly committed: CommittedIdentity
  readonly rules: SiteRules
  /** What was taken from Kafka, where faces come from there. */
  readonly ledger: Ledger
  readonly service: PeopleService
  readonly acts: ActsService
  readonly objections: ObjectionsService
  readonly findSightings: FindSightings
  readonly searchTracks: SearchTracks
  /** Absent when people are kept in memory only. */
  readonly whatIf: AskWhatIf | undefined
  readonly decisions: DecisionsOf
  /** SHA-256 of the embedder that the people's embeddings come from. */
  readonly sha256: string
  /** `CommittedIdentity.tick`, and what is too old among the pictures. */
  readonly tick: (nowMs: WallMs | null) => void
}

/** What `openPeople` needs of the process. */
export interface SitePeopleDeps {
  /** Null keeps people in memory only. */
  readonly stateDirectory: string | null
  readonly log: Log
  readonly metrics: Pick<Metrics, 'trackletsEvicted'>
  readonly nowMs: () => number
  /** Where changes of people go besides the directory; null or absent for nowhere. */
  readonly stateLog?: StateLog | null
  /** Owns the store: it closes with the stack. */
  readonly owner: AsyncDisposableStack
}

/** Says how the embedder's cosines are read. */
const logScale = (log: Log, embedder: string, { poor, ...curve }: CosineScale): void =>
  log.debug({ embedder, ...curve, poor: poor !== undefined }, 'cosines are put on the scale of the thresholds')

/**
 * Opens the store and loads the engine from it. Throws MODEL_MISSING or MODEL_INVALID for the embedder that the people
 * belong to, and STATE for their directory.
 */
export const openPeople = async (config: Config, deps: SitePeopleDeps): Promise<SitePeople> => {
  const { stateDirectory, log, metrics, nowMs, owner } = deps
  const embedder = await chosenEmbedder(config.models)
  const scale = await configuredScale(config.models)
  if (scale) logScale(log, embedder.name, scale)
  const store = stateDirectory === null ? null : await openStoreIn(stateDirectory, { ...config, embedder }, deps)
  owner.defer(() => store?.close())
  const inMemory = archiveInMemory()
  const archive = store ?? inMemory
  const saved = store?.saved()
  const engine = createIdentity(config.identity, {
    site: config.site,
    archive,
    ...(saved && { saved }),
    ...(scale && { scale }),
    onEvict: (state) => metrics.trackletsEvicted.inc({ state }),
    onDropped: (track) => pictures.dropped(track),
  })
  const rules = createSiteRules(config.rules, engine, saved?.live ?? [])
  const seamRows = (saved?.live ?? []).filter(({ kind }) => kind === 'seam')
  const ledger = createLedger(seamRows, () => performance.now())
  const committed = createCommittedIdentity(engine, store, {
    inMemory,
    rules: rules.rules,
    given: rules.book,
    ledger,
    onCommitted: (events) => pictures.changed(events),
  })
  const pictures = openPictures({
    keeps: config.identity.crops,
    sightings: archive.sightings,
    ...deps,
    engine,
    flush: () => committed.commit(),
  })
  const services = servicesOf({
    engine,
    transact: committed.transact,
    store,
    archive,
    nowMs,
    embedder,
    onObjected: () => pictures.clearNobodys(),
    ...(store && { rehearse: rehearsing({ store, options: config.identity, scale, flush: committed.commit }) }),
  })
  const answers = answersOf({ engine, committed, store, archive, options: config.identity, nowMs })
  const tick = (nowMs: WallMs | null): void => {
    const before = engine.scale().offset
    committed.tick(nowMs)
    logMove(log, engine, before)
    pictures.sweep()
  }
  return {
    store,
    engine,
    committed,
    rules,
    ledger,
    ...services,
    ...answers,
    ...pictures,
    sha256: embedder.sha256,
    tick,
  }
}

const openStoreIn = async (
  directory: string,
  { models, embedder }: Pick<Config, 'models'> & { readonly embedder: StoredEmbedder },
  { log, stateLog }: SitePeopleDeps,
): Promise<Store> =>
  openStore(directory, {
    embedder,
    mapFrom: await formerEmbedders(models.directory ?? shippedModels, embedder.sha256),
    log: stateLog ?? null,
    onCarried: (from, { people, looks }) =>
      log.info(
        { from: from.name, sha256: from.sha256, people, looks },
        'the people were learned with a former embedder and are carried over to this one, with the same IDs; an older Rollcall refuses them now: docs/operate.md says how to go back',
      ),
    onConverted: (from) =>
      log.info(
        { from, to: schemaVersion },
        'the state was left by an older Rollcall, is converted, and is refused by that one now: docs/operate.md says how to go back',
      ),
  })

type ServiceParts = Omit<ObjectionsParts, 'engine'> &
  Pick<ActsServiceParts, 'engine' | 'rehearse'> &
  Pick<AnswerParts, 'store' | 'archive'>

/** What is done with people. */
const servicesOf = ({ store, archive, ...parts }: ServiceParts) => ({
  service: createPeopleService({
    ...parts,
    gallery: parts.engine,
    actions: archive.actions,
    history: (person) => store?.history(person) ?? [],
  }),
  acts: createActsService({ ...parts, actions: archive.actions, sightings: archive.sightings }),
  objections: createObjectionsService(parts),
})

/** Says that scores have moved since their offset was `before`, and why. */
const logMove = (log: Log, engine: Identity, before: number): void => {
  const by = engine.scale().offset - before
  if (by === 0) return
  log.info({ by, ...engine.place() }, 'scores are moved: people here are not as alike as the model was calibrated for')
}

interface AnswerParts {
  readonly engine: Identity
  readonly committed: CommittedIdentity
  readonly store: Store | null
  readonly archive: Pick<Store, 'sightings' | 'settled' | 'unassigned' | 'actions'>
  readonly options: Config['identity']
  readonly nowMs: () => WallMs
}

/** What is asked of the past. */
const answersOf = ({ engine, committed, store, archive, options, nowMs }: AnswerParts) => ({
  findSightings: findSightingsIn({
    table: archive.sightings,
    idsOf: (id) => engine.idsOf(id),
    resolve: (id) => engine.resolve(id),
    flush: committed.commit,
  }),
  searchTracks: createSearchTracks({
    settled: archive.settled,
    unassigned: archive.unassigned,
    isTrackOf: (embedding, quality, track) => engine.isTrackOf(embedding, quality, track),
    resolve: (id) => engine.resolve(id),
    nameOf: (id) => engine.nameOf(id),
    flush: committed.commit,
  }),
  whatIf:
    store === null
      ? undefined
      : createWhatIf({
          store,
          options,
          scale: () => engine.scale(),
          resolve: (id) => engine.resolve(id),
          nameOf: (id) => engine.nameOf(id),
          isDeleted: (id) => engine.isDeleted(id),
          flush: committed.commit,
          acting: createActing({ transact: committed.transact, actions: archive.actions, nowMs }),
        }),
  decisions: createDecisions({
    history: store && ((person) => store.history(person)),
    idsOf: (id) => engine.idsOf(id),
    nameOf: (id) => engine.nameOf(id),
  }),
})
