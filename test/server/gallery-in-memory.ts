import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { archiveInMemory } from '../../src/identity/store/archive.ts'
import { createActsService } from '../../src/site/acts-service.ts'
import { createCommittedIdentity } from '../../src/site/committed-identity.ts'
import { createObjectionsService } from '../../src/site/objections-service.ts'
import { createPeopleService } from '../../src/site/people-service.ts'

/** A gallery in memory, of an engine that has seen nobody yet. */
export const openPeopleService = () => {
  const archive = archiveInMemory()
  const engine = createIdentity(identityOptions.parse({}), { archive })
  const { transact } = createCommittedIdentity(engine, null, { inMemory: archive })
  const { actions, sightings } = archive
  const nowMs = () => 1000
  const embedder = { name: 'small', sha256: '5'.repeat(64), dimensions: 4 }
  const peopleService = createPeopleService({ gallery: engine, transact, actions, history: () => [], embedder, nowMs })
  const objections = createObjectionsService({ engine, transact, embedder, onObjected: () => {}, nowMs })
  return { peopleService, objections, acts: createActsService({ engine, transact, actions, sightings, nowMs }) }
}
