import { type Guarded, guard, unguarded } from '../../../src/identity/guard.ts'
import { createIdentity } from '../../../src/identity/identity.ts'
import { type IdentityOptions, identityOptions, trackerOptions } from '../../../src/identity/options.ts'
import { faceOf, facesAt } from './faces.ts'
import type { SimulatedFrame } from './simulator.ts'

export interface Score {
  readonly faces: number
  /** BCubed, averaged over faces (Bagga and Baldwin, 1998). */
  readonly bcubedP: number
  readonly bcubedR: number
  readonly bcubedF: number
  /** People at the end that are mainly this person, per true person. */
  readonly idsPerPerson: number
  /** Share of faces that had an ID in the event of their own frame. */
  readonly live: number
}

/** A face's label: the ID it was given or, while there was none, the one that its track was given later. */
interface Labelled {
  readonly truth: number
  readonly track: string
  readonly person: string | null
}

/** Runs the tracker's guard and the engine over simulated frames; every face has an embedding, as at 5 frames a second. */
export const run = (frames: readonly SimulatedFrame[], overrides: Partial<IdentityOptions> = {}): Score => {
  const limits = trackerOptions.parse({})
  const engine = createIdentity({ ...identityOptions.parse({}), ...overrides })
  const followed = new Map<number, { id: string; guarded: Guarded; seenMs: number; camera: number }>()
  const labelled: Labelled[] = []
  let tracks = 0
  for (const [seq, { atMs, camera, faces }] of frames.entries()) {
    const endedTracks: string[] = []
    const nextId = () => `c${camera}/s/${tracks++}`
    for (const [track, { id, seenMs, camera: where }] of followed)
      if (where === camera && atMs - seenMs > limits.maxAgeMs) {
        followed.delete(track)
        endedTracks.push(id)
      }
    const seen = faces.map(({ track, embedding, quality }) => {
      const known = followed.get(track) ?? { id: nextId(), guarded: unguarded, seenMs: atMs, camera }
      const { track: guarded, split } = guard(known.guarded, embedding, quality, limits)
      if (split) endedTracks.push(known.id)
      const id = split ? nextId() : known.id
      followed.set(track, { id, guarded, seenMs: atMs, camera })
      return faceOf(id, embedding, quality)
    })
    const more = { camera: `c${camera}`, stream: 's', clock: 'file' as const, endedTracks }
    for (const event of engine.update(facesAt(atMs, seq, seen, more)))
      if (event.type === 'rollcall.frame.v1')
        for (const [i, { track, person }] of event.data.faces.entries())
          labelled.push({ truth: faces[i]?.person ?? -1, track, person })
  }
  return scoreOf(labelled, (id) => engine.resolve(id))
}

const scoreOf = (faces: readonly Labelled[], resolve: (id: string) => string): Score => {
  const later = new Map(faces.flatMap(({ track, person }) => (person === null ? [] : [[track, person]])))
  const labels = faces.map(({ track, person }) => {
    const known = person ?? later.get(track)
    return known === undefined ? `track ${track}` : resolve(known)
  })
  const truths = faces.map(({ truth }) => String(truth))
  const pairs = faces.map((_, i) => `${labels[i]}|${truths[i]}`)
  const [byLabel, byTruth, byPair] = [labels, truths, pairs].map(countEach) as [Counts, Counts, Counts]
  const mean = (of: Counts, keys: readonly string[]) =>
    pairs.reduce((sum, pair, i) => sum + (byPair.get(pair) ?? 0) / (of.get(keys[i] ?? '') ?? 1), 0) / pairs.length
  const bcubedP = mean(byLabel, labels)
  const bcubedR = mean(byTruth, truths)
  const people = new Set(labels.filter((label) => !label.startsWith('track')))
  return {
    faces: faces.length,
    bcubedP,
    bcubedR,
    bcubedF: (2 * bcubedP * bcubedR) / (bcubedP + bcubedR),
    idsPerPerson: people.size / byTruth.size,
    live: faces.filter(({ person }) => person !== null).length / faces.length,
  }
}

type Counts = Map<string, number>
const countEach = (keys: readonly string[]): Counts => {
  const counts: Counts = new Map()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
