import type { Cause } from '../../events/types.ts'
import type { ActionKind, PersonId, SightingId, WallMs } from '../../types.ts'
import type { HeldTrack } from '../clustering/taking-back.ts'

/** In how many frames two people were seen together, before the act and after it; null: somebody said that they are two. */
export type ApartChange = readonly [a: PersonId, b: PersonId, before: number | null, after: number | null]

/** An ID that a split gave back. It had been an alias of `into`, where `by` had merged it. */
export interface GivenBack {
  readonly id: PersonId
  readonly into: PersonId
  readonly by: Cause
  /** What the split merged at once: the ID with others that it took out, or with those that stayed. Null: nothing. */
  readonly merged: { readonly from: PersonId; readonly into: PersonId } | null
}

/**
 * How an action is taken back. It holds no look of anybody. IDs are those of people at the time of the action, except
 * where one is called an alias.
 */
export type Undo =
  /** The name is `name` since. */
  | { readonly kind: 'name'; readonly person: PersonId; readonly name: string | null; readonly before: string | null }
  | ({ readonly apart: readonly ApartChange[] } & (
      | { readonly kind: 'separate'; readonly a: PersonId; readonly b: PersonId }
      /** `from` is an alias since. */
      | { readonly kind: 'merge'; readonly from: PersonId; readonly into: PersonId }
      /** `person` was an alias of `into`, which may have been one itself. */
      | { readonly kind: 'unmerge'; readonly person: PersonId; readonly into: PersonId; readonly by: Cause }
      /** `off` was made, or given back; then it had been an alias of `into`. These tracks are under another ID since. */
      | {
          readonly kind: 'split'
          readonly person: PersonId
          readonly off: PersonId
          readonly into: PersonId
          readonly by: Cause
          /** Where it gave several IDs back: all of them, in that order. */
          readonly given?: readonly GivenBack[]
          readonly tracks: readonly HeldTrack[]
        }
      | {
          readonly kind: 'move'
          readonly from: PersonId
          readonly to: PersonId
          readonly tracks: readonly HeldTrack[]
        }
    ))
  /** Several acts that were one action, in their order. */
  | { readonly kind: 'all'; readonly parts: readonly Undo[] }

/** Something that somebody did with people: who, when, what. */
export interface Action {
  readonly atMs: WallMs
  /** Who did it: the name of the token or session. */
  readonly by: string
  readonly kind: ActionKind
  /** Whom it was about, the more important one first. */
  readonly people: readonly PersonId[]
  /** The sighting that was moved or taken off. */
  readonly sighting: SightingId | null
  /** Of `name` and `enroll`: the name since. Of `revoke` without its code: the reason. */
  readonly name: string | null
  /** Of `name`: the name until then. */
  readonly before: string | null
  /** The question of the review that it answers. */
  readonly question: string | null
  /** Null when it cannot be taken back. */
  readonly undo: Undo | null
}

/** An action as it is kept. */
export interface SavedAction extends Action {
  /** Rises with each action of the site, over restarts too; never given again. */
  readonly id: number
  readonly undone: { readonly atMs: WallMs; readonly by: string } | null
}

/** What is kept about the work of people, with the next commit. */
export type JournalEntry =
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'undone'; readonly id: number; readonly atMs: WallMs; readonly by: string }
  /** The question is not asked again. */
  | {
      readonly kind: 'answered'
      readonly question: string
      readonly people: readonly PersonId[]
      readonly atMs: WallMs
    }
  /** The answer was taken back. */
  | { readonly kind: 'unanswered'; readonly question: string }

const namedIn = (undo: Undo): PersonId[] => {
  switch (undo.kind) {
    case 'name':
      return [undo.person]
    case 'separate':
      return [undo.a, undo.b]
    case 'merge':
      return [undo.from, undo.into]
    case 'unmerge':
      return [undo.person, undo.into]
    case 'split':
      return [
        undo.person,
        undo.off,
        undo.into,
        ...(undo.given ?? []).flatMap(({ id, into }) => [id, into]),
        ...undo.tracks.map(({ as }) => as),
      ]
    case 'move':
      return [undo.from, undo.to, ...undo.tracks.map(({ as }) => as)]
    case 'all':
      return undo.parts.flatMap(namedIn)
  }
}

/** Everybody whom an action is about, by any ID. */
const aboutIn = ({ people, undo }: Action): PersonId[] => [...new Set([...people, ...(undo ? namedIn(undo) : [])])]

const apartIn = (undo: Undo): readonly ApartChange[] =>
  undo.kind === 'all' ? undo.parts.flatMap(apartIn) : 'apart' in undo ? undo.apart : []

/** Everybody whom an action mentions: also those from whom somebody was or is told apart by it. */
export const mentionedIn = (action: Action): PersonId[] => [
  ...new Set([...aboutIn(action), ...(action.undo ? apartIn(action.undo) : []).flatMap(([a, b]) => [a, b] as const)]),
]

/** The way back without these people, who are deleted; null when it is about one of them. */
const undoWithout = (undo: Undo, gone: ReadonlySet<PersonId>): Undo | null => {
  if (undo.kind === 'all') return { kind: 'all', parts: undo.parts.flatMap((part) => undoWithout(part, gone) ?? []) }
  if (namedIn(undo).some((id) => gone.has(id))) return null
  if (undo.kind === 'name') return undo
  return { ...undo, apart: undo.apart.filter(([a, b]) => !gone.has(a) && !gone.has(b)) }
}

/**
 * The action without a mention of these people, who are deleted; null when it is about one of them. One of many acts keeps
 * those about others.
 */
export const withoutPeople = (action: Action, gone: ReadonlySet<PersonId>): Action | null => {
  const undo = action.undo && undoWithout(action.undo, gone)
  if (undo?.kind === 'all') {
    const people = action.people.filter((id) => !gone.has(id))
    return undo.parts.length > 0 ? { ...action, people, undo } : null
  }
  return aboutIn(action).some((id) => gone.has(id)) ? null : { ...action, undo }
}
