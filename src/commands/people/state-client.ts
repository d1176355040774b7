import { userInfo } from 'node:os'
import type { Config } from '../../config/config.ts'
import { createIdentity } from '../../identity/identity.ts'
import { openStore } from '../../identity/store/open.ts'
import type { StoredEmbedder } from '../../identity/store/problems.ts'
import type { Store } from '../../identity/store/store.ts'
import type { Transact } from '../../site/acting.ts'
import { createActsService } from '../../site/acts-service.ts'
import { sweepFiles } from '../../site/crops/sweep-files.ts'
import { findSightingsIn } from '../../site/find-sightings.ts'
import { createPeopleService } from '../../site/people-service.ts'
import type { Time } from '../../types.ts'
import type { CosineScale } from '../../vision/calibration.ts'
import type { PeopleClient, ShownPerson } from './client.ts'

/** How a state directory is opened. */
export interface StateClientSetup extends Pick<Config, 'site' | 'identity'> {
  /** The embedder of a new state, which is begun where there is none. With null there must be one. */
  readonly embedder: StoredEmbedder | null
  /** Puts the embedder's cosines on the scale of the thresholds; null leaves them as they are. */
  readonly scale: CosineScale | null
  readonly time: Time
}

/** Who has done what is done here, in the list of actions. */
const by = `${userInfo().username} (command line)`

const clientOn = (directory: string, store: Store, { site, identity, scale, time }: StateClientSetup): PeopleClient => {
  const engine = createIdentity(identity, {
    site,
    saved: store.saved(),
    archive: store,
    ...(scale && { scale }),
  })
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
  const acts = createActsService({ engine, transact, actions, sightings, nowMs })
  const client = createPeopleService({
    gallery: engine,
    transact,
    actions,
    history: (person) => store.history(person),
    embedder: store.embedder,
    nowMs,
  })
  return {
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
      sweepFiles(directory, store.sightings, (known) => engine.has(known))
      return events
    },
    enroll: async (enrolment) => {
      const { person, events } = client.enroll(enrolment, by)
      return { person: client.show(person) as ShownPerson, events }
    },
    export: async () => client.export(),
    import: async (file) => client.import(file, by).events,
    compare: async (a, b) => acts.compare(a, b),
    move: async (sighting, to) => acts.move(sighting, to, by).events,
    actions: async () => acts.actions(100, null).actions,
    undo: async (id) => acts.undo(id, by).events,
    review: async () => acts.review(100),
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
