import type { ReviewQuestion } from '../../../../src/server/people-answers.ts'
import type { Reply } from './question-card.ts'

/** What came of a review: how many questions were asked, and what changed. */
export interface Tally {
  count(reply: Reply, kind: ReviewQuestion['kind']): void
  /** Questions that were shown and answered or left. */
  asked(): number
  /** One line: `7 asked: 2 merged, 1 told apart, 1 named; 3 left for later.` */
  words(): string
}

const outcomes = ['merged', 'told apart', 'named', 'confirmed', 'taken off', 'moved', 'not asked again'] as const
type Outcome = (typeof outcomes)[number]

const outcomeOf = (reply: Exclude<Reply, 'later'>, kind: ReviewQuestion['kind']): Outcome => {
  switch (reply) {
    case 'same':
      return kind === 'join' ? 'confirmed' : 'merged'
    case 'different':
      return kind === 'join' ? 'taken off' : 'told apart'
    case 'other':
      return 'moved'
    case 'name':
      return 'named'
    case 'dismiss':
      return 'not asked again'
  }
}

/** Starts with nothing. */
export const createTally = (): Tally => {
  const counts = new Map<Outcome, number>()
  let [asked, later] = [0, 0]
  return {
    count(reply, kind) {
      asked++
      if (reply === 'later') later++
      else counts.set(outcomeOf(reply, kind), (counts.get(outcomeOf(reply, kind)) ?? 0) + 1)
    },
    asked: () => asked,
    words() {
      const parts = outcomes.flatMap((outcome) => (counts.has(outcome) ? `${counts.get(outcome)} ${outcome}` : []))
      const changed = parts.length === 0 ? 'nothing changed' : parts.join(', ')
      return `${asked} asked: ${changed}${later > 0 ? `; ${later} left for later` : ''}.`
    },
  }
}
