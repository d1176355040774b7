import { join } from 'node:path'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { createCommittedIdentity } from '../../src/site/committed-identity.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { embedder, story } from '../site/story.ts'

/** A state directory in which six people are known, of whom Ada, Di and Zoe have a name; one was deleted. */
export const playedState = (): string => {
  const state = join(temporaryDirectory(), 'state')
  const store = openStore(state, { embedder })
  const engine = createIdentity(identityOptions.parse({ reclusterMs: 1000 }), { archive: store, saved: store.saved() })
  const committed = createCommittedIdentity(engine, store)
  for (const step of story()) {
    if ('act' in step) committed.transact((people) => step.act(people))
    else committed.update(step.faces)
  }
  committed.finish()
  committed.commit()
  store.close()
  return state
}
