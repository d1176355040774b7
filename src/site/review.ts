import { RollcallError } from '../errors.ts'
import type { ActsService } from '../server/acts-routes.ts'
import type { Changed, ReviewQuestion } from '../server/people-answers.ts'
import type { PersonId, SightingId } from '../types.ts'
import type { Acting } from './acting.ts'
import type { ActsServiceParts } from './acts-service.ts'
import { askAboutDuplicate, askAboutJoin, askForName, type QuestionParts } from './questions.ts'

/** Searches for duplicates in one call: each takes .5–.7 ms among 10,000 people (128 numbers, a busy machine), so about 20 ms. */
const searchesPerCall = 30

/** From so many visits on somebody without a name is asked about. */
const frequentVisits = 5

/** What the review is made with, besides the parts of the service. */
export interface ReviewParts extends ActsServiceParts, QuestionParts {
  readonly acting: Acting
  readonly move: (sighting: SightingId, to: PersonId | null, by: string, question: string) => Changed
}

/**
 * Asks what people can settle with one answer each: first who is who, by how much doubt the answer settles, then names. It
 * keeps no state of its own.
 */
export const createReview = (parts: ReviewParts): Pick<ActsService, 'review' | 'answer'> => ({
  review(limit) {
    const { open, looked } = openQuestions(parts)
    return { questions: open.slice(0, limit).map(({ ask }) => ask()), open: open.length, looked }
  },
  answer(id, given, by) {
    const found = openQuestions(parts).open.find((one) => one.id === id)
    if (!found)
      throw new RollcallError('PERSON_CONFLICT', `nobody asks ${JSON.stringify(id)} any more`, {
        remedy: 'It was answered, or its people have changed; rollcall people review or GET /api/review asks anew.',
      })
    const question = found.ask()
    if (!question.answers.includes(given.answer))
      throw new RollcallError(
        'USAGE',
        `answer: ${given.answer} does not fit, expected ${question.answers.join(', ')}`,
        { remedy: 'Give one of the answers that the question lists.' },
      )
    return carryOut(question, given, by, parts)
  },
})

/** All questions that nobody has answered, sorted. */
const openQuestions = (parts: ReviewParts) => {
  const { engine, actions } = parts
  const people = engine.people()
  const of = new Map(people.map((one) => [one.id, one]))
  const { pairs, looked, of: total } = engine.likelyDuplicates(searchesPerCall)
  const asked = [
    ...pairs.map((pair) => askAboutDuplicate(pair, of, parts)),
    ...actions.doubts().map((doubt) => askAboutJoin(doubt, parts)),
    ...people
      .filter(({ name, archived, tracks }) => name === null && !archived && tracks >= frequentVisits)
      .map((person) => askForName(person, parts)),
  ].filter((one) => one !== null)
  const open = asked.filter(({ id }) => !actions.isAnswered(id))
  // Nobody doubts who somebody without a name is: naming settles no ID, however often the person comes.
  const worth = ({ settles, doubt }: (typeof open)[number]): number => settles * doubt
  open.sort((a, b) => worth(b) - worth(a) || b.settles - a.settles || (a.id < b.id ? -1 : 1))
  return { open, looked: { people: looked, of: total } }
}

/** Does what an answer asks for; one that changes nobody only settles the question. */
const carryOut = (
  question: ReviewQuestion,
  { answer, name }: Parameters<ActsService['answer']>[1],
  by: string,
  { acting, move }: ReviewParts,
): Changed => {
  const { id } = question
  const [one, other] = question.people
  const settled = (): Changed => {
    const people = question.people.map((side) => side.id)
    return { ...acting.once('answer', by, () => [], { question: id, people }), events: [] }
  }
  if (answer === 'dismiss' || !one) return settled()
  if (answer === 'name') {
    if (name === undefined)
      throw new RollcallError('USAGE', 'name: expected the name of the person', { remedy: 'Send it with the answer.' })
    return acting.act({ kind: 'name', person: one.id, name }, by, { question: id })
  }
  if (question.kind === 'join') {
    if (answer === 'same') return settled()
    return move(question.sighting ?? '', answer === 'other' && other ? other.id : null, by, id)
  }
  if (!other) return settled()
  if (answer === 'same') return acting.act({ kind: 'merge', a: one.id, b: other.id, force: true }, by, { question: id })
  return acting.act({ kind: 'separate', a: one.id, b: other.id }, by, { question: id })
}
