import type { LikelyDuplicate } from '../identity/gallery/duplicates.ts'
import { type DoubtfulJoin, marginOf } from '../identity/state/doubtful-join.ts'
import type { ReviewQuestion, Side } from '../server/people-answers.ts'
import type { Person, PersonId } from '../types.ts'
import type { ActsServiceParts } from './acts-service.ts'

/** What questions are made with. */
export interface QuestionParts extends Pick<ActsServiceParts, 'engine' | 'sightings'> {
  readonly sideOf: (id: PersonId) => Side
}

/** A question before its words are made: only of those that are shown they are. */
export interface Asked {
  readonly id: string
  /** How many tracks an answer settles. */
  readonly settles: number
  /** How doubtful it is who is who, 0–1; 0 when only a name is asked for. */
  readonly doubt: number
  readonly ask: () => ReviewQuestion
}

const two = (value: number): string => value.toFixed(2)
const visits = (count: number): string => (count === 1 ? 'one visit' : `${count} visits`)
const nothing = { similarity: null, score: null, threshold: null, sighting: null, camera: null, atMs: null }

/** Asks whether two are one person. Null when one of them is not in `people` any more. */
export const askAboutDuplicate = (
  pair: LikelyDuplicate,
  people: ReadonlyMap<PersonId, Person>,
  { sideOf }: QuestionParts,
): Asked | null => {
  const { into, from, similarity, score, threshold } = pair
  const [one, other] = [people.get(into), people.get(from)]
  if (!one || !other) return null
  const id = `duplicate:${into}:${from}`
  const settles = Math.min(one.tracks, other.tracks)
  const ask = (): ReviewQuestion => ({
    ...nothing,
    id,
    kind: 'duplicate',
    text: 'Are these two the same person?',
    why: `They are alike: ${two(score)}, and ${two(threshold)} would have merged them (similarity ${two(similarity)}). They were never seen together.`,
    answers: ['same', 'different', 'dismiss'],
    settles,
    people: [sideOf(into), sideOf(from)],
    similarity,
    score,
    threshold,
  })
  return { id, settles, doubt: Math.min(1, score / threshold), ask }
}

/** Asks whether a track was rightly taken for a person. Null once nobody doubts it, or it is somebody else's. */
export const askAboutJoin = (doubt: DoubtfulJoin, { engine, sightings, sideOf }: QuestionParts): Asked | null => {
  const id = `join:${doubt.track}`
  const sighting = sightings.ofTracks([doubt.track]).at(-1)
  const person = sighting && engine.resolve(sighting.person)
  if (!sighting || person !== engine.resolve(doubt.person)) return null
  const next = doubt.runnerUp && engine.resolve(doubt.runnerUp.person)
  const isNext = next !== null && next !== person && engine.has(next)
  const margin = marginOf(isNext ? doubt : { ...doubt, runnerUp: null })
  if (margin >= 1 || !engine.has(person)) return null
  const { similarity, score, threshold, runnerUp, camera } = doubt
  const rival = isNext && runnerUp ? `; the next was ${two(runnerUp.score)}` : ''
  const ask = (): ReviewQuestion => ({
    id,
    kind: 'join',
    text: 'Is this visit of the same person?',
    why: `It was joined at ${two(score)}, and ${two(threshold)} was needed${rival}.`,
    answers: isNext ? ['same', 'different', 'other', 'dismiss'] : ['same', 'different', 'dismiss'],
    settles: 1,
    people: [sideOf(person), ...(isNext ? [sideOf(next)] : [])],
    similarity,
    score,
    threshold,
    sighting: sighting.sighting,
    camera,
    // Of the visit: an undo joins it again later.
    atMs: sighting.fromMs,
  })
  return { id, settles: 1, doubt: 1 - margin, ask }
}

/** Asks who somebody is that comes often. */
export const askForName = ({ id: person, tracks }: Person, { sideOf }: QuestionParts): Asked => {
  const id = `unnamed:${person}`
  const ask = (): ReviewQuestion => {
    const side = sideOf(person)
    return {
      ...nothing,
      id,
      kind: 'unnamed',
      text: 'Who is this?',
      why: `Seen often (${visits(side.visits || tracks)}), and without a name.`,
      answers: ['name', 'dismiss'],
      settles: side.visits || tracks,
      people: [side],
    }
  }
  return { id, settles: tracks, doubt: 0, ask }
}
