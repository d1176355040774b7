import { scoreClustering } from './clustering.ts'
import { identityF1 } from './identity-f1.ts'

/** One face of a stream, with its true person and its final ID. */
export interface Judged {
  readonly truth: string
  /** The ID at the end; null when the face never got one. */
  readonly id: string | null
  /** Its track: faces without an ID count as one cluster for each track. */
  readonly alone: string
  readonly atMs: number
  /** Whether it had an ID in its own frame's event. */
  readonly live: boolean
}

/** The scores of one way to give IDs, over all faces of a stream. */
export interface IdentityBenchmark {
  readonly bcubedF: number
  readonly bcubedP: number
  readonly bcubedR: number
  /** IDs given, over true people. */
  readonly idsPerPerson: number
  readonly idf1: number
  /** Faces with another ID than the same person's face before. */
  readonly idSwitches: number
  readonly nmi: number
  readonly wcp: number
  /** The share of faces with an ID at once, and the share that never got one. */
  readonly live: number
  readonly unassigned: number
  readonly faces: number
  readonly people: number
  readonly ids: number
}

const numbersOf = (keys: Iterable<string>): Map<string, number> => {
  const numbers = new Map<string, number>()
  for (const key of keys) if (!numbers.has(key)) numbers.set(key, numbers.size)
  return numbers
}

/** Scores faces that are in the order of time. Needs at least one. */
export const scoreIdentities = (faces: readonly Judged[]): IdentityBenchmark => {
  const clustering = scoreClustering(
    faces.map(({ truth, id, alone }) => ({ truth, predicted: id === null ? `track ${alone}` : `id ${id}` })),
  )
  const people = numbersOf(faces.map(({ truth }) => truth))
  const ids = numbersOf(faces.flatMap(({ id }) => id ?? []))
  const together = new Float64Array(people.size * ids.size)
  const last = new Map<string, string>()
  let [idSwitches, assigned, live] = [0, 0, 0]
  for (const { truth, id, live: atOnce } of faces) {
    if (atOnce) live++
    if (id === null) continue
    assigned++
    const at = (people.get(truth) ?? 0) * ids.size + (ids.get(id) ?? 0)
    together[at] = (together[at] ?? 0) + 1
    if ((last.get(truth) ?? id) !== id) idSwitches++
    last.set(truth, id)
  }
  const { bcubedF, bcubedP, bcubedR, nmi, wcp } = clustering
  return {
    bcubedF,
    bcubedP,
    bcubedR,
    idsPerPerson: ids.size / people.size,
    idf1: identityF1(together, people.size, ids.size, faces.length, assigned).idf1,
    idSwitches,
    nmi,
    wcp,
    live: live / faces.length,
    unassigned: 1 - assigned / faces.length,
    faces: faces.length,
    people: people.size,
    ids: ids.size,
  }
}
