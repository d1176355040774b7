import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import type { StoredEmbedder } from '../../src/identity/store/problems.ts'
import { createCommittedIdentity } from '../../src/site/committed-identity.ts'

/** People of one import. */
const atOnce = 1000

/** Makes a state directory in which each of these looks is a person; as at most sites, nobody has a name. */
export const makeState = (directory: string, looks: readonly Float32Array[], embedder: StoredEmbedder): void => {
  const store = openStore(directory, { embedder })
  const committed = createCommittedIdentity(createIdentity(identityOptions.parse({})), store)
  const people = looks.map((look, i) => ({
    id: `p${i}`,
    name: null,
    exemplars: [{ vector: [...look], weight: 0.9 }],
    aliases: [],
    apart: [],
    archived: false,
    createdAtMs: 0,
    lastSeenAtMs: 0,
    lastCamera: '',
    tracks: 1,
    faces: 1,
  }))
  for (let i = 0; i < people.length; i += atOnce)
    committed.transact((gallery) => gallery.importPeople(people.slice(i, i + atOnce), 0))
  store.close()
}
