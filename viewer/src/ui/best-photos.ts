import type { PersonId } from '../../../src/types.ts'
import type { Api } from '../shell/api.ts'

/** The best picture of a person, as an address for an image; null when none is kept. */
export interface BestPhotos {
  of(person: PersonId): Promise<string | null>
  /** What is known of this person's pictures may be wrong now. */
  forget(person: PersonId): void
}

/** People who are asked for in one turn share a request. */
const together = 100
/** A picture this old is asked for again: a better one may have come. */
const freshMs = 60_000
/** Pictures that are kept here: 3 MB. */
const most = 500

interface Answer {
  readonly photos: readonly { readonly asked: PersonId; readonly jpeg: string }[]
}

interface Known {
  readonly photo: Promise<string | null>
  readonly atMs: number
}

/** A request that fails gives no pictures. */
const createBestPhotos = (api: Pick<Api, 'get'>): BestPhotos => {
  const known = new Map<PersonId, Known>()
  let wanted = new Map<PersonId, (photo: string | null) => void>()

  const ask = async (): Promise<void> => {
    const asked = [...wanted]
    wanted = new Map()
    for (let from = 0; from < asked.length; from += together) {
      const some = asked.slice(from, from + together)
      const ids = some.map(([id]) => encodeURIComponent(id)).join(',')
      const { photos } = await api.get<Answer>(`/api/photos?people=${ids}`).catch((): Answer => ({ photos: [] }))
      const found = new Map(photos.map(({ asked: id, jpeg }) => [id, `data:image/jpeg;base64,${jpeg}`]))
      for (const [id, tell] of some) tell(found.get(id) ?? null)
    }
  }
  return {
    of(person) {
      const old = known.get(person)
      if (old && performance.now() - old.atMs < freshMs) return old.photo
      const photo = new Promise<string | null>((resolve) => {
        if (wanted.size === 0) queueMicrotask(() => void ask())
        wanted.set(person, resolve)
      })
      known.delete(person)
      known.set(person, { photo, atMs: performance.now() })
      const [oldest] = known.keys()
      if (known.size > most && oldest !== undefined) known.delete(oldest)
      return photo
    },
    forget: (person) => void known.delete(person),
  }
}

const stores = new WeakMap<object, BestPhotos>()

/** The pictures of this viewer, shared by all its pages. */
export const bestPhotosOf = (api: Api): BestPhotos => {
  const store = stores.get(api) ?? createBestPhotos(api)
  stores.set(api, store)
  return store
}
