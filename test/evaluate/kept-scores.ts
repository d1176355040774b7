import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { scoreClustering } from '../../src/evaluate/clustering.ts'
import { shiftBy } from '../../src/evaluate/identities.ts'
import { scoreIdentities } from '../../src/evaluate/identity-scores.ts'
import { replay, shiftedThresholds } from '../../src/evaluate/replay.ts'
import type { StreamFrame } from '../../src/evaluate/stream.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { type ClusterSetup, clusterBy, clusterMethods } from '../../src/recognition/cluster-by.ts'
import type { ShownFace } from '../../src/recognition/methods/one-after-another.ts'

/** Higher is better, but for the names in `lower`. */
export type Scores = Readonly<Record<string, number>>
const committed: Record<string, Scores> = JSON.parse(
  readFileSync(new URL('../quality/evaluation.json', import.meta.url), 'utf8'),
)
const lower = new Set(['idsPerPerson', 'eer', 'calibrationError'])
/** What another machine's floating point may change. */
const tolerance = 0.0005

/** Fails where a score is worse than the one of that name in `test/quality/evaluation.json`. */
export const expectKept = (name: string, measured: Scores): void => {
  const before = committed[name] ?? {}
  const told = `${name}: ${JSON.stringify(measured)}`
  expect(Object.keys(measured), told).toEqual(Object.keys(before))
  for (const [key, value] of Object.entries(measured)) {
    const loss = lower.has(key) ? value - (before[key] ?? 0) : (before[key] ?? 0) - value
    expect(loss, `${key} of ${told}`).toBeLessThanOrEqual(tolerance)
  }
}

/** What the engine makes of a stream. */
export const identityScores = (frames: readonly StreamFrame[]): Scores => {
  const { bcubedF, bcubedP, idsPerPerson, idf1, live } = scoreIdentities(replay(frames).faces)
  return { bcubedF, bcubedP, idsPerPerson, idf1, live }
}

/** And what is left of it with thresholds that are too low, and too high, by `shiftBy`. */
export const shiftedScores = (frames: readonly StreamFrame[]): Scores => {
  const shifted = (by: number): number =>
    scoreIdentities(replay(frames, shiftedThresholds(identityOptions.parse({}), by)).faces).bcubedF
  return { bcubedFLower: shifted(-shiftBy), bcubedFHigher: shifted(shiftBy) }
}

/** A face, and whose it is. */
export type TrueFace = ShownFace & { readonly person: string }

/** BCubed F of what each method makes of faces; k-means is told how many people there are. */
export const methodScores = (faces: readonly TrueFace[], setup: ClusterSetup): Scores => {
  const people = new Set(faces.map(({ person }) => person)).size
  const score = (method: (typeof clusterMethods)[number]): number => {
    const groups = clusterBy(method, faces, method === 'kmeans' ? { ...setup, people } : setup)
    const labels = groups.flatMap((members, id) =>
      members.map((i) => ({ truth: faces[i]?.person ?? '', predicted: `${id}` })),
    )
    return scoreClustering(labels).bcubedF
  }
  return Object.fromEntries(clusterMethods.map((method) => [method, score(method)]))
}
