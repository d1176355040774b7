import type { Comparison, Decision, RollcallEvent, Sighting } from '../events/types.ts'
import type { ActionKind, Box, CameraId, MediaMs, ObjectorId, Person, PersonId, SightingId, TrackId } from '../types.ts'

/* What routes about people answer. The viewer reads these types, so nothing here needs the server. */

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

/** Somebody who is never to be recognised, as it is listed. */
export interface ListedObjection {
  readonly id: ObjectorId
  readonly objectedAtMs: number
  readonly how: 'person' | 'photo'
  readonly note: string | null
}

/** Somebody objects: `code`, which is kept nowhere, takes it back. */
export interface Objected {
  readonly objection: ObjectorId
  readonly code: string
  readonly events: readonly RollcallEvent[]
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

/** What became of one photo. */
export interface PhotoVerdict {
  /** As it was sent; `photo 1` for one without a name. */
  readonly file: string
  readonly accepted: boolean
  /** A stable word, and the same with the measurement and what to do; both null for a photo that was accepted. */
  readonly reason: string | null
  readonly why: string | null
  /** How the photo was turned, degrees clockwise, so that its face stands upright. */
  readonly turn: number
  /** Where faces are, the largest first, in fractions of the turned photo. */
  readonly boxes: readonly Box[]
}

/** Somebody a face may be. */
export interface FaceMatch {
  readonly person: PersonId
  readonly name: string | null
  /** Cosine to the person's mean. */
  readonly similarity: number
  /** The cosine corrected for evidence, compared with `threshold`. */
  readonly score: number
  /** Of being one person, by the score alone. */
  readonly probability?: number
  readonly threshold: number
  /** A track with this one face would join this person: the score reaches the threshold and leads the next one's clearly. */
  readonly is: boolean
  /** The last ones. */
  readonly sightings: readonly Sighting[]
}

/** A track that is over and looks like a face. */
export interface FoundTrack {
  readonly track: TrackId
  readonly camera: CameraId
  readonly fromMs: MediaMs
  readonly untilMs: MediaMs
  /** Whose it is, as known now; null when nobody was told by it. */
  readonly person: PersonId | null
  readonly name: string | null
  readonly similarity: number
  readonly score: number
  /** Of being one person, by the score alone. */
  readonly probability: number
  readonly threshold: number
  /** The score reaches the threshold. */
  readonly is: boolean
}

/** The settings that a what-if is about: keys of `identity`. */
export interface WhatIfSettings {
  readonly risk: number
  readonly join: number
  readonly create: number
  readonly leave: number
  readonly merge: number
  readonly split: number
  readonly margin: number
}

/** Somebody in a what-if; both null: nobody. */
export interface WhatIfPerson {
  readonly id: PersonId | null
  readonly name: string | null
}

/** Tracks that would be somebody else's; see `whatIfAnswer`. */
export interface WhatIfChange {
  readonly from: WhatIfPerson
  readonly to: WhatIfPerson
  readonly isNew: boolean
  readonly isAll: boolean
  readonly tracks: readonly TrackId[]
  readonly why: (Omit<Decision, 'person' | 'reason'> & { readonly reason: string }) | null
}

/** What became of the changes of a what-if. */
export interface WhatIfApplied {
  /** By which all of them are taken back at once; null when nothing was done. */
  readonly action: number | null
  /** For each change why it was left out; null when it was done. */
  readonly refused: readonly (string | null)[]
}

/** What would be otherwise with other settings; see `whatIfAnswer`. */
export interface WhatIfAnswer {
  readonly tracks: number
  readonly people: { readonly today: number; readonly other: number }
  readonly agreement: number
  readonly settings: { readonly today: WhatIfSettings; readonly other: WhatIfSettings }
  readonly changes: readonly WhatIfChange[]
  /** Null unless the changes were to be done. */
  readonly applied: WhatIfApplied | null
}

/** How alike different people are at a site; see `calibrationSchema`. */
export interface CalibrationAnswer {
  readonly expected: number | null
  readonly measured: {
    readonly people: number
    readonly pairs: number
    readonly median: number
    readonly spread: number
    readonly error: number
  } | null
  readonly correction: number
  readonly learns: boolean
}

/** What was found in a photo. */
export interface PhotoSearch {
  /** How the photo was turned, degrees clockwise, so that its faces stand upright; boxes are fractions of the turned photo. */
  readonly turn: number
  readonly faces: readonly {
    readonly box: Box
    /** 0–1, `Quality.overall`. */
    readonly quality: number
    /** Why the answer may be wrong, in words. */
    readonly problems: readonly string[]
    /** The best first; empty when nobody is known. */
    readonly matches: readonly FaceMatch[]
    /** Tracks that look like it, the most alike first; empty when no time was given. */
    readonly tracks: readonly FoundTrack[]
  }[]
}

/** Something that was decided about a person. */
export interface DecisionInWords {
  readonly atMs: number
  /** `joined at .71 over .64; next: anna .52`. */
  readonly words: string
  /** The type of the event that told of it. */
  readonly type: string
  readonly sequence: number
  /** Null when it was about no track. */
  readonly track: TrackId | null
  readonly camera: CameraId | null
}

/** A kept picture of a person: what is said of it, not the picture. */
export interface PhotoOfPerson {
  readonly id: string
  /** Who it is, as known now. */
  readonly person: PersonId
  /** This and `camera` are null for a photo that the person was enrolled with; `atMs` is when that was. */
  readonly sighting: SightingId | null
  readonly camera: CameraId | null
  readonly atMs: MediaMs
  /** 0–1, `Quality.overall`. */
  readonly quality: number
  readonly width: number
  readonly height: number
}
