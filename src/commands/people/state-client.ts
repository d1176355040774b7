import { userInfo } from 'node:os'
import type { Config } from '../../config/config.ts'
import { createIdentity, type Identity } from '../../identity/identity.ts'
import { openStore } from '../../identity/store/open.ts'
import type { StoredEmbedder } from '../../identity/store/problems.ts'
import type { Store } from '../../identity/store/store.ts'
import { openMeasuringElsewhere } from '../../photos/measure-elsewhere.ts'
import { createRuleBook, givenRows } from '../../rules/rule-book.ts'
import type { ObjectionsService } from '../../server/objections-routes.ts'
import type { FindSightings } from '../../server/sightings-routes.ts'
import { createActing, type Transact } from '../../site/acting.ts'
import { createActsService } from '../../site/acts-service.ts'
import { sweepFiles } from '../../site/crops/sweep-files.ts'
import { findSightingsIn } from '../../site/find-sightings.ts'
import { createObjectionsService } from '../../site/objections-service.ts'
import { createPeopleService } from '../../site/people-service.ts'
import { rehearsing } from '../../site/rehearse.ts'
import { createSearchPhoto } from '../../site/search-photo.ts'
import { createSearchTracks } from '../../site/search-tracks.ts'
import { createWhatIf } from '../../site/what-if.ts'
import type { PersonId, Time } from '../../types.ts'
import type { CosineScale } from '../../vision/calibration.ts'
import type { PeopleClient, ShownPerson } from './client.ts'

/** How a state directory is opened. */
export interface StateClientSetup extends Pick<Config, 'site' | 'identity' | 'models'> {
  /** The embedder of a new state, which is begun where there is none. With null there must be one. */
  readonly embedder: StoredEmbedder | null
  /** Puts the embedder's cosines on the scale of the thresholds; null leaves them as they are. */
  readonly scale: CosineScale | null
  readonly time: Time
}

/** In containers a user ID often has no entry. */
const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? '?'}`
  }
}

/** Who has done what is done here, in the list of actions. */
const by = `${userName()} (command line)`

/** Says who is in a photo, as the running Rollcall does; the photo is measured in a process of its own. */
const searching = (
  store: Store,
  engine: Identity,
  findSightings: FindSightings,
  { models, identity }: StateClientSetup,
): PeopleClient['search'] => {
  const searchTracks = createSearchTracks({
    ...store,
    isTrackOf: (embedding, quality, track) => engine.isTrackOf(embedding, quality, track),
    resolve: (id) => engine.resolve(id),
    nameOf: (id) => engine.nameOf(id),
    flush: () => undefined,
  })
  const { sha256 } = store.embedder
  const { minQuality } = identity
  const whoIs: Identity['whoIs'] = (embedding, quality) => engine.whoIs(embedding, quality)
  return async (file, bytes, fromMs) => {
    await using opened = new AsyncDisposableStack()
    const measuring = opened.adopt(openMeasuringElsewhere(models), (one) => one.close())
    const search = createSearchPhoto({ measuring, whoIs, findSightings, searchTracks, sha256, minQuality })
    return search({ file, bytes }, fromMs)
  }
}

/** Takes objections down and back. */
const objecting = (
  service: ObjectionsService,
): Pick<PeopleClient, 'object' | 'objections' | 'revoke' | 'revokeWithoutCode'> => ({
  object: async (asked) => service.object(asked, by),
  objections: async () => service.list(),
  revoke: async (id, code) => service.revoke(id, code, by),
  revokeWithoutCode: async (id, reason) => service.revokeWithoutCode(id, reason, by),
})

const clientOn = (directory: string, store: Store, setup: StateClientSetup): PeopleClient => {
  const { site, identity, scale, time } = setup
  const { embedder } = store
  const saved = store.saved()
  const engine = createIdentity(identity, { site, saved, archive: store, ...(scale && { scale }) })
  const find = findSightingsIn({
    table: store.sightings,
    idsOf: (id) => engine.idsOf(id),
    resolve: (id) => engine.resolve(id),
    flush: () => undefined,
  })
  // The events leave with the next `rollcall run`, which publishes what is committed and has not been published.
  const transact: Transact = (work) => {
    const events = work(engine)
    store.commit(engine.takeChange())
    return events
  }
  const { actions, sightings } = store
  const nowMs = () => time.nowMs()
  const whole = { store, options: identity, scale, flush: () => undefined }
  const acts = createActsService({ engine, transact, actions, sightings, nowMs, rehearse: rehearsing(whole) })
  const history = (person: PersonId) => store.history(person)
  const client = createPeopleService({ gallery: engine, transact, actions, history, embedder, nowMs })
  const sweepPictures = (): void => sweepFiles(directory, store.sightings, (known) => engine.has(known))
  const objections = createObjectionsService({ engine, transact, embedder, onObjected: sweepPictures, nowMs })
  const search = searching(store, engine, find, setup)
  const whatIf = createWhatIf({
    ...whole,
    scale: () => engine.scale(),
    resolve: (id) => engine.resolve(id),
    nameOf: (id) => engine.nameOf(id),
    isDeleted: (id) => engine.isDeleted(id),
    acting: createActing({ transact, actions, nowMs }),
  })
  return {
    search,
    whatIf: (question) => whatIf(question, by),
    calibration: async () => client.calibration(),
    list: async () => client.list(),
    show: async (id) => client.show(id) as ShownPerson,
    sightings: async (request) => find(request),
    name: async (id, name) => client.name(id, name, by).events,
    merge: async (a, b, force) => client.merge(a, b, force, by).events,
    unmerge: async (oldId) => client.unmerge(oldId, by).events,
    split: async (id, chosen) => client.split(id, chosen, by).events,
    separate: async (a, b) => client.separate(a, b, by).events,
    remove: async (id) => {
      const events = client.remove(id, by).events
      sweepPictures()
      return events
    },
    enroll: async (enrolment) => {
      const { person, events } = client.enroll(enrolment, by)
      return { person: client.show(person) as ShownPerson, events }
    },
    ...objecting(objections),
    export: async () => client.export(),
    import: async (file) => client.import(file, by).events,
    compare: async (a, b) => acts.compare(a, b),
    move: async (sighting, to) => acts.move(sighting, to, by).events,
    actions: async () => acts.actions(100, null).actions,
    undo: async (id) => acts.undo(id, by).events,
    review: async () => acts.review(100),
    givenRules: async () => createRuleBook({}, givenRows(saved.live ?? []), engine).given(),
    answer: async (question, answer) => acts.answer(question, answer, by).events,
    close: async () => store.close(),
  }
}

/**
 * Opens the people of a directory that no Rollcall has open; `close` closes it. Each call is one transaction. Throws
 * STATE.
 */
export const openStateClient = (directory: string, setup: StateClientSetup): PeopleClient => {
  const store = openStore(directory, { embedder: setup.embedder })
  try {
    return clientOn(directory, store, setup)
  } catch (error) {
    store.close()
    throw error
  }
}
