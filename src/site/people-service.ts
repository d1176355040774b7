import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { Identity } from '../identity/identity.ts'
import type { LoggedEvent } from '../identity/state/state.ts'
import type { ActionTable } from '../identity/store/action-table.ts'
import type { StoredEmbedder } from '../identity/store/problems.ts'
import type { PeopleFile } from '../server/people-bodies.ts'
import type { PeopleService } from '../server/people-routes.ts'
import { cleanName } from '../text.ts'
import type { PersonId, SightingId, TrackId, WallMs } from '../types.ts'
import { type ChangingPeople, createActing, type Transact } from './acting.ts'
import { checkLooks, checkModel } from './check-looks.ts'

/** What the people service reads and changes. */
export interface PeopleServiceParts {
  readonly gallery: Pick<Identity, 'people' | 'person' | 'exportPeople' | 'tracksOf' | 'place'>
  /** Runs a change and commits it. */
  readonly transact: Transact
  /** What people did, as of the last commit. */
  readonly actions: Pick<ActionTable, 'actions'>
  /** The events about a person, oldest first. */
  readonly history: (person: PersonId) => readonly LoggedEvent[]
  /** The model that the known embeddings come from. */
  readonly embedder: StoredEmbedder
  readonly nowMs: () => WallMs
}

/** Reads and changes the gallery for users. Both the HTTP API and `rollcall people --state` use it. */
export const createPeopleService = ({
  gallery,
  transact,
  actions,
  history,
  embedder,
  nowMs,
}: PeopleServiceParts): PeopleService => {
  const { act, once } = createActing({ transact, actions, nowMs })
  const tracksOfSighting = (sighting: SightingId): readonly TrackId[] => {
    const tracks = gallery.tracksOf(sighting)
    if (tracks.length > 0) return tracks
    throw new RollcallError('PERSON_CONFLICT', `there is no sighting ${JSON.stringify(sighting)}`, {
      remedy: 'Name one that GET /api/sightings or rollcall people show lists; old ones are forgotten.',
    })
  }
  return {
    list: () => gallery.people(),
    calibration: () => gallery.place(),
    show(id) {
      const person = gallery.person(id)
      return { ...person, history: history(person.id) }
    },
    name: (person, name, by) => act({ kind: 'name', person, name: cleanName(name) }, by),
    merge: (a, b, force, by) => act({ kind: 'merge', a, b, force }, by),
    unmerge: (id, by) => act({ kind: 'unmerge', id }, by),
    split(person, { tracks, sightings }, by) {
      const chosen = [...tracks, ...sightings.flatMap(tracksOfSighting)]
      const sighting = tracks.length === 0 && sightings.length === 1 ? (sightings[0] ?? null) : null
      return act({ kind: 'split', person, tracks: chosen }, by, { sighting })
    },
    separate: (a, b, by) => act({ kind: 'separate', a, b }, by),
    remove: (id, by) => once('delete', by, (people, atMs) => people.remove(id, atMs)),
    enroll({ name, embedder: given, faces }, by) {
      checkLooks(embedder, given, faces, name)
      const looks = faces.map(({ embedding, quality }) => ({ embedding: Float32Array.from(embedding), quality }))
      const known = cleanName(name)
      const personNow = (): string => gallery.people().find((person) => person.name === known)?.id ?? ''
      const work = (people: ChangingPeople, atMs: WallMs): readonly RollcallEvent[] => people.enroll(name, looks, atMs)
      const person = personNow()
      const changed = once('enroll', by, work, { name: known, ...(person !== '' && { people: [person] }) })
      return { person: personNow(), ...changed }
    },
    // The schema's lists are not read-only, but nobody changes them.
    export: () => ({ rollcall: 3, embedder, people: gallery.exportPeople() }) as PeopleFile,
    import({ embedder: given, people: imported }, by) {
      const origins = imported.flatMap(({ aliases }) => aliases.flatMap(({ origin }) => origin ?? []))
      const looks = [...imported, ...origins, ...origins.map(({ rest }) => rest)].flatMap(({ exemplars }) => exemplars)
      const vectors = looks.map(({ vector }) => vector)
      checkModel(embedder, given, vectors, 'import')
      // Of many people no ID is kept: the deletion of one would have to find it here.
      return once('import', by, (people, atMs) => people.importPeople(imported, atMs), { people: [] })
    },
  }
}
