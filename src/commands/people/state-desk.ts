import type { Config } from '../../config.ts'
import { createIdentity } from '../../identity/identity.ts'
import { openStore } from '../../identity/store/open.ts'
import type { StoredEmbedder } from '../../identity/store/problems.ts'
import type { Store } from '../../identity/store/store.ts'
import { createPeopleDesk } from '../../people-desk.ts'
import type { Time } from '../../types.ts'
import type { CosineScale } from '../../vision/calibration.ts'
import type { Desk, ShownPerson } from './desk.ts'

export interface StateDeskSetup extends Pick<Config, 'site' | 'identity'> {
  /** Begins a state where there is none. Null: there must be one. */
  readonly embedder: StoredEmbedder | null
  /** Of its cosines; null: as they are. */
  readonly scale: CosineScale | null
  readonly time: Time
}

const deskOn = (store: Store, { site, identity, scale, time }: StateDeskSetup): Desk => {
  const engine = createIdentity(identity, { site, saved: store.saved(), ...(scale && { scale }) })
  const desk = createPeopleDesk({
    gallery: engine,
    // The events leave with the next `rollcall run`, which publishes what is committed and has not been published.
    ask: (work) => {
      const events = work(engine)
      store.commit(engine.takeChange())
      return events
    },
    history: (person) => store.history(person),
    embedder: store.embedder,
    nowMs: () => time.nowMs(),
  })
  return {
    list: async () => desk.list(),
    show: async (id) => desk.show(id) as ShownPerson,
    name: async (id, name) => desk.name(id, name),
    merge: async (a, b) => desk.merge(a, b),
    split: async (id) => desk.split(id),
    separate: async (a, b) => desk.separate(a, b),
    remove: async (id) => desk.remove(id),
    enroll: async (enrolment) => {
      const { person, events } = desk.enroll(enrolment)
      return { person: desk.show(person) as ShownPerson, events }
    },
    export: async () => desk.export(),
    import: async (file) => desk.import(file),
    close: async () => store.close(),
  }
}

/** Opens the people of a directory that no Rollcall has open; each verb is one transaction. Throws STATE. */
export const openStateDesk = (directory: string, setup: StateDeskSetup): Desk => {
  const store = openStore(directory, { embedder: setup.embedder })
  try {
    return deskOn(store, setup)
  } catch (error) {
    store.close()
    throw error
  }
}
