import { RollcallError } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { LoggedEvent } from '../identity/state/state.ts'
import type { StoredEmbedder } from '../identity/store/problems.ts'
import type { PeopleFile } from '../server/people-bodies.ts'
import type { PeopleService } from '../server/people-routes.ts'
import { cleanName } from '../text.ts'
import type { PersonId, SightingId, TrackId, WallMs } from '../types.ts'
import type { CommittedIdentity } from './committed-identity.ts'

/** What the people service reads and changes. */
export interface PeopleServiceParts {
  readonly gallery: Pick<Identity, 'people' | 'person' | 'exportPeople' | 'tracksOf'>
  /** Runs a change and commits it. */
  readonly transact: CommittedIdentity['transact']
  /** The events about a person, oldest first. */
  readonly history: (person: PersonId) => readonly LoggedEvent[]
  /** The model that the known embeddings come from. */
  readonly embedder: StoredEmbedder
  readonly nowMs: () => WallMs
}

const modelOf = ({ name, sha256 }: StoredEmbedder): string => `${name} (${sha256.slice(0, 12)}…)`

/** Reads and changes the gallery for users. Both the HTTP API and `rollcall people --state` use it. */
export const createPeopleService = ({
  gallery,
  transact,
  history,
  embedder,
  nowMs,
}: PeopleServiceParts): PeopleService => {
  const checkModel = (given: StoredEmbedder, vectors: readonly (readonly number[])[], what: string): void => {
    if (vectors.length === 0) return
    if (given.sha256 !== embedder.sha256)
      throw new RollcallError(
        'STATE',
        `${what}: its embeddings come from ${modelOf(given)}, the people here from ${modelOf(embedder)}; they cannot be compared`,
        { remedy: 'Use the same model on both sides, or enroll from pictures.' },
      )
    const odd = vectors.find((vector) => vector.length !== embedder.dimensions)
    if (odd)
      throw new RollcallError(
        'USAGE',
        `${what}: an embedding has ${odd.length} numbers, expected ${embedder.dimensions}`,
        { remedy: 'Take embeddings as the model gives them.' },
      )
  }
  const tracksOfSighting = (sighting: SightingId): readonly TrackId[] => {
    const tracks = gallery.tracksOf(sighting)
    if (tracks.length > 0) return tracks
    throw new RollcallError('PERSON_CONFLICT', `there is no sighting ${JSON.stringify(sighting)}`, {
      remedy: 'Name one that GET /api/sightings or rollcall people show lists; old ones are forgotten.',
    })
  }
  return {
    list: () => gallery.people(),
    show(id) {
      const person = gallery.person(id)
      return { ...person, history: history(person.id) }
    },
    name: (id, name) => transact((people) => people.name(id, name, nowMs())),
    merge: (a, b, force) => transact((people) => people.merge(a, b, nowMs(), { force })),
    unmerge: (oldId) => transact((people) => people.unmerge(oldId, nowMs())),
    split(id, { tracks, sightings }) {
      const chosen = [...tracks, ...sightings.flatMap(tracksOfSighting)]
      return transact((people) => people.split(id, nowMs(), { tracks: chosen }))
    },
    separate: (a, b) => transact((people) => people.separate(a, b, nowMs())),
    remove: (id) => transact((people) => people.remove(id, nowMs())),
    enroll({ name, embedder: given, faces }) {
      const vectors = faces.map(({ embedding }) => embedding)
      checkModel(given, vectors, name)
      const odd = vectors.findIndex((vector) => !(Math.abs(Math.hypot(...vector) - 1) < 0.01))
      if (odd >= 0)
        throw new RollcallError('USAGE', `faces.${odd}.embedding: expected unit length`, {
          remedy: 'Scale each embedding to length 1.',
        })
      const looks = faces.map(({ embedding, quality }) => ({ embedding: Float32Array.from(embedding), quality }))
      const events = transact((people) => people.enroll(name, looks, nowMs()))
      const known = cleanName(name)
      return { person: gallery.people().find((person) => person.name === known)?.id ?? '', events }
    },
    // The schema's lists are not read-only, but nobody changes them.
    export: () => ({ rollcall: 2, embedder, people: gallery.exportPeople() }) as PeopleFile,
    import({ embedder: given, people: imported }) {
      const origins = imported.flatMap(({ aliases }) => aliases.flatMap(({ origin }) => origin ?? []))
      const looks = [...imported, ...origins, ...origins.map(({ rest }) => rest)].flatMap(({ exemplars }) => exemplars)
      const vectors = looks.map(({ vector }) => vector)
      checkModel(given, vectors, 'import')
      return transact((people) => people.importPeople(imported, nowMs()))
    },
  }
}
