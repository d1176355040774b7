import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { Act, Acts, Done } from '../identity/gallery/acts.ts'
import type { Gallery } from '../identity/gallery/gallery.ts'
import type { Identity } from '../identity/identity.ts'
import type { Objections } from '../identity/objectors/objections.ts'
import type { Action, Undo } from '../identity/state/journal.ts'
import type { ActionTable } from '../identity/store/action-table.ts'
import type { Changed } from '../server/people-answers.ts'
import type { PersonId, WallMs } from '../types.ts'

/** What a change may use of the engine. */
export type ChangingPeople = Gallery & Acts & Objections & Pick<Identity, 'record'>

/** Runs a change and commits it with all that it has recorded. Throws what the change throws; nothing has changed then. */
export type Transact = (work: (people: ChangingPeople) => readonly RollcallEvent[]) => readonly RollcallEvent[]

/** What is kept with an action besides what the engine says of it. */
export type More = Partial<Pick<Action, 'sighting' | 'question' | 'name'>>

/** Does what somebody asks for, and records it: who, when, what. */
export interface Acting {
  /** Of what can be taken back. */
  readonly act: (act: Act, by: string, more?: More) => Changed
  /** Of what cannot. It is of `people`; left out, of those whom its events are about. */
  readonly once: (
    kind: Action['kind'],
    by: string,
    work: (people: ChangingPeople, atMs: WallMs) => readonly RollcallEvent[],
    more?: More & { readonly people?: readonly PersonId[] },
  ) => Changed
  /**
   * All of these acts, in their order, in one transaction and as one action. One that contradicts what is known then is left
   * out: `refused` has the reason for each, null where it was done.
   */
  readonly all: (
    kind: Action['kind'],
    by: string,
    acts: readonly ((people: ChangingPeople) => Act)[],
  ) => Changed & { readonly refused: readonly (string | null)[] }
}

/** What acting reads and changes. */
export interface ActingParts {
  readonly transact: Transact
  readonly actions: Pick<ActionTable, 'actions'>
  readonly nowMs: () => WallMs
}

/** An action of which nothing is said but who did what, and when. */
export const bareAction = { sighting: null, question: null, name: null, before: null, undo: null } as const

/** An answer to the review is kept with its action, so that the question does not come back. */
const recordIn = (people: ChangingPeople, action: Action): void => {
  people.record({ kind: 'action', action })
  const { question, atMs } = action
  if (question !== null) people.record({ kind: 'answered', question, people: action.people, atMs })
}

/** Each call is one transaction: what has changed, its events and its action are on disk together. */
export const createActing = ({ transact, actions, nowMs }: ActingParts): Acting => {
  const newest = (): number | null => actions.actions(1, null)[0]?.id ?? null
  return {
    act(act, by, more = {}) {
      const atMs = nowMs()
      let isRecorded = false
      const events = transact((people) => {
        const { events: told, people: whom, before, undo } = people.act(act, atMs)
        const name = act.kind === 'name' ? act.name : null
        isRecorded = undo !== null || more.question != null
        if (isRecorded)
          recordIn(people, { ...bareAction, name, ...more, atMs, by, kind: act.kind, people: whom, before, undo })
        return told
      })
      return { events, action: isRecorded ? newest() : null }
    },
    once(kind, by, work, { people: about, ...more } = {}) {
      const atMs = nowMs()
      const events = transact((people) => {
        const told = work(people, atMs)
        const whom = about ?? [
          ...new Set(told.flatMap(({ type, subject }) => (type.startsWith('rollcall.person.') ? subject : []))),
        ]
        recordIn(people, { ...bareAction, ...more, atMs, by, kind, people: whom })
        return told
      })
      return { events, action: newest() }
    },
    all(kind, by, acts) {
      const atMs = nowMs()
      let refused: readonly (string | null)[] = []
      let undo: readonly Undo[] = []
      const events = transact((people) => {
        const tried = acts.map((act) => attempt(people, act, atMs))
        const done = tried.filter((one) => typeof one !== 'string')
        refused = tried.map((one) => (typeof one === 'string' ? one : null))
        undo = done.flatMap((one) => one.undo ?? [])
        const whom = [...new Set(done.flatMap((one) => one.people))]
        if (undo.length > 0)
          recordIn(people, { ...bareAction, atMs, by, kind, people: whom, undo: { kind: 'all', parts: undo } })
        return done.flatMap((one) => one.events)
      })
      return { events, action: undo.length > 0 ? newest() : null, refused }
    },
  }
}

/** Does an act; the reason, where what is known speaks against it. Nothing has changed then. */
const attempt = (people: ChangingPeople, act: (people: ChangingPeople) => Act, atMs: WallMs): Done | string => {
  try {
    return people.act(act(people), atMs)
  } catch (error) {
    const isRefused =
      error instanceof RollcallError && (error.code === 'PERSON_CONFLICT' || error.code === 'PERSON_UNKNOWN')
    if (!isRefused) throw error
    return error.message
  }
}
