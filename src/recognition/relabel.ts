import type { IdentityOptions } from '../identity/options.ts'
import type { Compare } from '../identity/people/evidence.ts'
import { averageLinkage, never } from '../math/average-linkage.ts'
import type { PersonId, TrackId } from '../types.ts'
import { continuedTracks } from './continue-tracks.ts'
import type { TracksSeen, WholeTrack } from './whole-tracks.ts'

/** The least mean score of two people who become one, where nothing else is said. */
export const defaultThreshold = 0.55

/** How tracks are compared, and the thresholds of the engine. */
export interface RelabelOptions {
  readonly compare: Compare
  readonly identity: IdentityOptions
  /** The least mean score of two people who become one. */
  readonly threshold: number
  /** Whose a track is by the engine, in the end. */
  readonly personOf: (track: TrackId) => PersonId | null
}

/** A track joins somebody late with this lead over everybody else. */
const lateLead = 0.15
/** And with this evidence (sum of squared qualities): less is like anybody. */
const leastLateWeight = 0.03

/** Whether tracks together show enough for a person, by the engine's rule for a new one. */
const isEnough = (tracks: readonly WholeTrack[], identity: IdentityOptions): boolean => {
  const sum = (of: (track: WholeTrack) => number): number => tracks.reduce((all, track) => all + of(track), 0)
  return (
    sum(({ goodFaces }) => goodFaces) >= identity.confirmFaces &&
    sum(({ weight }) => weight) >= identity.confirmWeight &&
    Math.max(...tracks.map(({ bestQuality }) => bestQuality)) >= identity.confirmQuality &&
    (tracks.length > 1 || sum(({ goodMs }) => goodMs) >= identity.confirmMs)
  )
}

/** Whether one of a group was seen together with one of others for so long that they are two people. */
const isApart = (
  { together }: TracksSeen,
  { cannotLinkFrames }: IdentityOptions,
  group: readonly number[],
  others: ReadonlySet<number>,
): boolean =>
  group.some((i) =>
    together(i)
      .entries()
      .some(([j, frames]) => frames >= cannotLinkFrames && others.has(j)),
  )

/** Compares groups of tracks: the mean score of all pairs, each by its evidence. */
const groupScores = (seen: TracksSeen, { compare, identity }: RelabelOptions) => {
  const { tracks } = seen
  return (a: readonly number[], b: readonly number[]): number => {
    if (isApart(seen, identity, a, new Set(b))) return never
    let [sum, weights] = [0, 0]
    for (const i of a)
      for (const j of b) {
        const [one, other] = [tracks[i]?.known, tracks[j]?.known]
        if (!one || !other) continue
        const weight = one.evidence * other.evidence
        sum += weight * compare(one, other).score
        weights += weight
      }
    return weights > 0 ? sum / weights : never
  }
}

const merged = (groups: readonly (readonly number[])[], seen: TracksSeen, options: RelabelOptions): number[][] => {
  const score = groupScores(seen, options)
  const evidence = (group: readonly number[]): number =>
    group.reduce((sum, i) => sum + (seen.tracks[i]?.known?.evidence ?? 0), 0)
  const names = averageLinkage(
    groups.length,
    (i, j) => score(groups[i] ?? [], groups[j] ?? []),
    groups.map((group) => Math.max(evidence(group), 1e-6)),
  ).at(options.threshold)
  return [...Map.groupBy(groups.keys(), (i) => names[i]).values()].map((members) =>
    members.flatMap((i) => groups[i] ?? []),
  )
}

/**
 * The people of whole recordings: clusters of track indices, made with all that is known at the end.
 *
 * 1. What the engine made of the tracks in the end is the beginning; a track of nobody is by itself.
 * 2. People become one by average linkage: the score of two tracks is the engine's, each weighs by its evidence, and two that were
 *    seen together are never one person.
 * 3. What shows too little for a person is nobody.
 * 4. A track of nobody joins whom it is clearly most like, and then whose track it goes on as or continues (`continuedTracks`).
 */
export const relabelTracks = (seen: TracksSeen, options: RelabelOptions): readonly (readonly number[])[] => {
  const { tracks } = seen
  const { identity, personOf } = options
  const isUsable = (i: number): boolean => (tracks[i]?.weight ?? 0) >= identity.joinWeight
  const personOfIndex = (i: number): PersonId | null => personOf(tracks[i]?.track ?? '')
  const begun = [...tracks.keys()].filter((i) => personOfIndex(i) !== null || isUsable(i))
  const groups = [...Map.groupBy(begun, (i) => personOfIndex(i) ?? i).values()]
  const people = merged(groups, seen, options).filter(
    (indices) =>
      indices.some((i) => personOfIndex(i) !== null) ||
      isEnough(
        indices.flatMap((i) => tracks[i] ?? []),
        identity,
      ),
  )
  joinLate(people, seen, options)
  joinContinued(people, seen, options)
  return people
}

/** Adds tracks of nobody to the people they are clearly most like. */
const joinLate = (people: readonly number[][], seen: TracksSeen, options: RelabelOptions): void => {
  const score = groupScores(seen, options)
  const taken = new Set(people.flat())
  for (const [i, { weight, goodFaces }] of seen.tracks.entries()) {
    if (taken.has(i) || weight < leastLateWeight || goodFaces < options.identity.confirmFaces) continue
    const [best, second] = people
      .map((person) => ({ person, score: score([i], person) }))
      .sort((a, b) => b.score - a.score)
    if (best && best.score >= options.identity.join && best.score - Math.max(second?.score ?? 0, 0) >= lateLead)
      best.person.push(i)
  }
}

/** Adds tracks of nobody to the people whose tracks they go on as or continue, however many follow each other. */
const joinContinued = (people: readonly number[][], seen: TracksSeen, { identity }: RelabelOptions): void => {
  const of = new Map(people.flatMap((person) => person.map((i) => [i, person] as const)))
  const pairs = continuedTracks(seen)
  for (let isNew = true; isNew; ) {
    isNew = false
    for (const [a, b] of [...pairs, ...pairs.map(([i, j]) => [j, i] as const)]) {
      const person = of.get(a)
      if (!person || of.has(b) || isApart(seen, identity, [b], new Set(person))) continue
      person.push(b)
      of.set(b, person)
      isNew = true
    }
  }
}
