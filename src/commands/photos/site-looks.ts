import { existsSync } from 'node:fs'
import { RollcallError } from '../../errors.ts'
import { directionOf } from '../../identity/people/exemplars.ts'
import { fileOf, noState, openStore } from '../../identity/store/open.ts'
import type { KnownLook } from '../../recognition/nearest.ts'
import { chosenEmbedder } from '../../vision/chosen-embedder.ts'
import { modelsOf, type PhotoValues } from './options.ts'

/**
 * The looks of everybody in a state directory, under their names, or IDs where they have none. Throws STATE when there is no state, a
 * rollcall runs on it, or it is of another embedder, and USAGE when nobody in it has a look.
 */
export const siteLooks = async (directory: string, values: PhotoValues): Promise<KnownLook[]> => {
  const embedder = await chosenEmbedder(modelsOf(values))
  if (!existsSync(fileOf(directory))) throw noState(directory)
  const store = openStore(directory, { embedder })
  try {
    const looks = store
      .saved()
      .people.flatMap(({ id, name, exemplars }) =>
        exemplars.map((exemplar) => ({ person: name ?? id, file: null, embedding: directionOf(exemplar) })),
      )
    if (looks.length > 0) return looks
  } finally {
    store.close()
  }
  throw new RollcallError('USAGE', `--site: nobody in ${directory} has a look yet`, {
    remedy: 'let rollcall run see people first, or name a folder of photos with --gallery DIR',
  })
}
