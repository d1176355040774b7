import type { Comparison, RollcallEvent } from '../events/types.ts'
import type { ActionKind, Person } from '../types.ts'

/* What routes that change people answer. The viewer reads these types, so nothing here needs the server. */

/** What came of something that somebody did. */
export interface Changed {
  readonly events: readonly RollcallEvent[]
  /** The ID of the action, by which it can be undone; null when nothing has changed. */
  readonly action: number | null
}

/** Somebody beside somebody else. */
export interface Side extends Person {
  /** Sightings that are kept. */
  readonly visits: number
  readonly aliases: readonly string[]
}

/** Two people side by side, and what a merge would do; see `comparisonSchema`. */
export interface SideBySide {
  readonly a: Side
  readonly b: Side
  readonly similarity: number | null
  readonly score: number | null
  readonly looks: Comparison | null
  readonly threshold: number
  readonly together: number | null
  readonly against: string | null
  readonly merge: {
    readonly possible: boolean
    readonly needsForce: boolean
    readonly into: string
    readonly from: string
    readonly name: string | null
    readonly visits: number
    readonly tracks: number
    readonly faces: number
    readonly aliases: readonly string[]
  }
}

/** An action as it is listed. */
export interface ListedAction {
  readonly id: number
  readonly atMs: number
  readonly by: string
  readonly kind: ActionKind
  /** Whom it was about, by the IDs of that time. */
  readonly people: readonly string[]
  readonly sighting: string | null
  readonly name: string | null
  readonly before: string | null
  readonly question: string | null
  readonly undone: { readonly atMs: number; readonly by: string } | null
  /** The same in words. */
  readonly text: string
  readonly undoable: boolean
}

/** What can be answered: a question lists those that fit. */
export const answerWords = ['same', 'different', 'other', 'name', 'dismiss'] as const

/** See `answerWords`. */
export type AnswerWord = (typeof answerWords)[number]

/** A question of the review; see `questionSchema`. */
export interface ReviewQuestion {
  readonly id: string
  readonly kind: 'duplicate' | 'join' | 'unnamed'
  readonly text: string
  readonly why: string
  readonly answers: readonly AnswerWord[]
  readonly settles: number
  readonly people: readonly Side[]
  readonly similarity: number | null
  readonly score: number | null
  readonly threshold: number | null
  readonly sighting: string | null
  readonly camera: string | null
  readonly atMs: number | null
}

/** The questions that settle most, and how far was looked for them. */
export interface Review {
  readonly questions: readonly ReviewQuestion[]
  /** All that there are, of what was looked at. */
  readonly open: number
  readonly looked: { readonly people: number; readonly of: number }
}
