import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { createIdentity, type Identity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import type { Face, PersonId } from '../../../src/types.ts'
import { open, temporaryDirectory } from '../store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './faces.ts'
import { mostAlike, mostAlikeInBytes, textsIn, vectorsIn } from './vectors.ts'

export const startMs = 1_772_443_800_000

/** An engine with a state on disk, and a camera before which people come and go, ten frames a second. */
export const scene = (more: Parameters<typeof identityOptions.parse>[0] = {}) => {
  const random = randomFrom(5)
  const looks = { ada: direction(random), bo: direction(random), cy: direction(random) }
  const directory = temporaryDirectory()
  const store = open(directory)
  const options = identityOptions.parse(more)
  let engine: Identity = createIdentity(options, { archive: store })
  let [seq, atMs] = [0, startMs]
  const saved: unknown[] = []
  const save = (): void => {
    const change = engine.takeChange()
    saved.push(structuredClone(change))
    store.commit(change)
  }
  /** So many frames of these tracks, each with its look; those named in `ended` are over with the last one. */
  const show = (frames: number, tracks: Readonly<Record<string, Float32Array>>, ended: readonly string[] = []) => {
    const events: RollcallEvent[] = []
    for (let i = 0; i < frames; i++, atMs += 100) {
      const faces = Object.entries(tracks).map(
        ([track, look], j): Face => faceOf(track, near(look, 0.3, random), 0.8, j / 5),
      )
      const endedTracks = i === frames - 1 ? ended : []
      events.push(...engine.update(facesAt(atMs, seq++, faces, { endedTracks })))
    }
    save()
    return events
  }
  const personOf = (events: readonly RollcallEvent[], track: string): PersonId => {
    const event = events.findLast((one) => one.type === 'rollcall.track.assigned.v1' && one.data.track === track)
    if (event?.type !== 'rollcall.track.assigned.v1') throw new Error(`track ${track} was not assigned`)
    return engine.resolve(event.data.person)
  }
  const remove = (id: PersonId): void => {
    engine.remove(id, atMs)
    save()
  }
  /** The database, the write-ahead log and whatever else lies there. */
  const alikeOnDisk = (look: Float32Array): number =>
    Math.max(...readdirSync(directory).map((file) => mostAlikeInBytes(readFileSync(join(directory, file)), look)))
  /** As a person by ID, or by one face. */
  const object = (by: PersonId | Float32Array, id = 'o-1'): RollcallEvent[] => {
    const person = typeof by === 'string' ? by : null
    const faces = typeof by === 'string' ? [] : [{ embedding: by, quality: 0.9 }]
    const events = engine.object({ id, person, faces, note: null, code: 'hash' }, atMs)
    save()
    return events
  }
  /** What is on disk without the templates of objectors. */
  const alikeBesideObjectors = (look: Float32Array): number => {
    const templates = store.saved().objectors.flatMap(({ looks: own }) => own.map(({ sum }) => Buffer.from(sum.buffer)))
    const bytes = readdirSync(directory).map((file) => {
      const content = readFileSync(join(directory, file))
      for (const template of templates)
        for (let at = content.indexOf(template); at >= 0; at = content.indexOf(template))
          content.fill(0, at, at + template.length)
      return content
    })
    return Math.max(...bytes.map((content) => mostAlikeInBytes(content, look)))
  }
  return {
    looks,
    show,
    object,
    alikeBesideObjectors,
    personOf,
    remove,
    save,
    engine: () => engine,
    wait: (ms: number) => void (atMs += ms),
    tick: () => void engine.tick(atMs),
    /** With other settings perhaps. */
    restart: (other: Partial<typeof options> = {}) => {
      engine = createIdentity({ ...options, ...other }, { saved: store.saved(), archive: store })
    },
    /** Nothing on disk or in what is saved from now on is like the look, or names the person. */
    expectGone: (look: Float32Array, id: PersonId): void => {
      save()
      const { people, live } = store.saved()
      for (const [where, state] of Object.entries({ change: saved.at(-1), people, live })) {
        expect(mostAlike(vectorsIn(state), look), where).toBeLessThan(0.5)
        expect(textsIn(state).has(id), where).toBe(false)
      }
      expect(alikeOnDisk(look)).toBeLessThan(0.5)
    },
    alikeOnDisk,
    store,
    atMs: () => atMs,
  }
}
