import { RollcallError } from '../errors.ts'
import type { LikelyDuplicate } from '../identity/gallery/duplicates.ts'
import { type DoubtfulJoin, marginOf } from '../identity/state/doubtful-join.ts'
import type { ActsService } from '../server/acts-routes.ts'
import type { Changed, ReviewQuestion, Side } from '../server/people-answers.ts'
import type { Person, PersonId, SightingId } from '../types.ts'
import type { Acting } from './acting.ts'
import type { ActsServiceParts } from './acts-service.ts'

/** Searches for duplicates in one call: each takes .5–.7 ms among 10,000 people (128 numbers, a busy machine), so about 20 ms. */
const searchesPerCall = 30

/** From so many visits on somebody without a name is asked about. */
const frequentVisits = 5

/** What the review is made with, besides the parts of the service. */
export interface ReviewParts extends ActsServiceParts {
  readonly acting: Acting
  readonly sideOf: (id: PersonId) => Side
  readonly move: (sighting: SightingId, to: PersonId | null, by: string, question: string) => Changed
}

/** A question before its words are made: only of those that are shown they are. */
interface Asked {
  readonly id: string
  readonly settles: number
  /** 0–1: of equals the more doubtful one comes first. */
  readonly doubt: number
  readonly ask: () => ReviewQuestion
}

const two = (value: number): string => value.toFixed(2)
const visits = (count: number): string => (count === 1 ? 'one visit' : `${count} visits`)

/** Asks what people can settle with one answer each, what settles most first. It keeps no state of its own. */
export const createReview = (parts: ReviewParts): Pick<ActsService, 'review' | 'answer'> => {
  const { engine, actions, sightings, acting, sideOf, move } = parts
  const nothing = { similarity: null, score: null, threshold: null, sighting: null, camera: null, atMs: null }

  const duplicate = (pair: LikelyDuplicate, of: ReadonlyMap<PersonId, Person>): Asked | null => {
    const { into, from, similarity, score, threshold } = pair
    const [one, other] = [of.get(into), of.get(from)]
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
  const join = (doubt: DoubtfulJoin): Asked | null => {
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
  const unnamed = ({ id: person, tracks }: Person): Asked => {
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

  const all = () => {
    const people = engine.people()
    const of = new Map(people.map((one) => [one.id, one]))
    const { pairs, looked, of: total } = engine.likelyDuplicates(searchesPerCall)
    const asked = [
      ...pairs.map((pair) => duplicate(pair, of)),
      ...actions.doubts().map(join),
      ...people
        .filter(({ name, archived, tracks }) => name === null && !archived && tracks >= frequentVisits)
        .map(unnamed),
    ].filter((one) => one !== null)
    const open = asked.filter(({ id }) => !actions.isAnswered(id))
    open.sort((a, b) => b.settles - a.settles || b.doubt - a.doubt || (a.id < b.id ? -1 : 1))
    return { open, looked: { people: looked, of: total } }
  }
  const open = (id: string): ReviewQuestion => {
    const found = all().open.find((one) => one.id === id)
    if (found) return found.ask()
    throw new RollcallError('PERSON_CONFLICT', `nobody asks ${JSON.stringify(id)} any more`, {
      remedy: 'It was answered, or its people have changed; read GET /api/review again.',
    })
  }
  const settled = (question: ReviewQuestion, by: string): Changed => {
    const people = question.people.map(({ id }) => id)
    return { ...acting.once('answer', by, () => [], { question: question.id, people }), events: [] }
  }

  return {
    review(limit) {
      const { open: found, looked } = all()
      return { questions: found.slice(0, limit).map(({ ask }) => ask()), open: found.length, looked }
    },
    answer(id, { answer, name }, by) {
      const question = open(id)
      if (!question.answers.includes(answer))
        throw new RollcallError('USAGE', `answer: ${answer} does not fit, expected ${question.answers.join(', ')}`, {
          remedy: 'Give one of the answers that the question lists.',
        })
      const [one, other] = question.people
      if (answer === 'dismiss' || !one) return settled(question, by)
      if (answer === 'name') {
        if (name === undefined)
          throw new RollcallError('USAGE', 'name: expected the name of the person', {
            remedy: 'Send it with the answer.',
          })
        return acting.act({ kind: 'name', person: one.id, name }, by, { question: id })
      }
      if (question.kind === 'join') {
        if (answer === 'same') return settled(question, by)
        return move(question.sighting ?? '', answer === 'other' && other ? other.id : null, by, id)
      }
      if (!other) return settled(question, by)
      if (answer === 'same')
        return acting.act({ kind: 'merge', a: one.id, b: other.id, force: true }, by, { question: id })
      return acting.act({ kind: 'separate', a: one.id, b: other.id }, by, { question: id })
    },
  }
}
