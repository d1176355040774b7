import type { Config } from '../../config/config.ts'
import { createIdentity } from '../../identity/identity.ts'
import { openStore } from '../../identity/store/open.ts'
import type { StoredEmbedder } from '../../identity/store/problems.ts'
import type { Store } from '../../identity/store/store.ts'
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
  const client = createPeopleService({
    gallery: engine,
    // The events leave with the next `rollcall run`, which publishes what is committed and has not been published.
    transact: (work) => {
      const events = work(engine)
      store.commit(engine.takeChange())
      return events
    },
    history: (person) => store.history(person),
    embedder: store.embedder,
    nowMs: () => time.nowMs(),
  })
  return {
    list: async () => client.list(),
    show: async (id) => client.show(id) as ShownPerson,
    sightings: async (request) => find(request),
    name: async (id, name) => client.name(id, name),
    merge: async (a, b, force) => client.merge(a, b, force),
    unmerge: async (oldId) => client.unmerge(oldId),
    split: async (id, chosen) => client.split(id, chosen),
    separate: async (a, b) => client.separate(a, b),
    remove: async (id) => {
      const events = client.remove(id)
      sweepFiles(directory, store.sightings)
      return events
    },
    enroll: async (enrolment) => {
      const { person, events } = client.enroll(enrolment)
      return { person: client.show(person) as ShownPerson, events }
    },
    export: async () => client.export(),
    import: async (file) => client.import(file),
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
