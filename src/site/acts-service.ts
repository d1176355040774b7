import { RollcallError } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { SavedAction, Undo } from '../identity/state/journal.ts'
import type { ActionTable } from '../identity/store/action-table.ts'
import type { SightingTable } from '../identity/store/sighting-table.ts'
import type { ActsService } from '../server/acts-routes.ts'
import type { Changed, ListedAction, Side } from '../server/people-answers.ts'
import type { PersonId, SightingId, WallMs } from '../types.ts'
import { createActing, type Transact } from './acting.ts'
import { actionText } from './action-text.ts'
import type { QuestionParts } from './questions.ts'
import { createReview } from './review.ts'

/** What the service reads and changes. */
export interface ActsServiceParts {
  readonly engine: Identity
  readonly transact: Transact
  readonly actions: Omit<ActionTable, 'apply'>
  readonly sightings: Pick<SightingTable, 'count' | 'ofTracks'>
  readonly nowMs: () => WallMs
  /**
   * Takes an act back on a copy of the people, and throws what that throws. Absent where people are in memory only: no
   * action is of many acts there.
   */
  readonly rehearse?: (undo: Undo, atMs: WallMs) => void
}

const conflict = (message: string, remedy: string): RollcallError =>
  new RollcallError('PERSON_CONFLICT', message, { remedy })

const listed = (action: SavedAction): ListedAction => {
  const { undo, ...rest } = action
  return { ...rest, text: actionText(action), undoable: undo !== null && action.undone === null }
}

/** Undoes, compares and asks, for users. Both the HTTP API and `rollcall people --state` use it. */
export const createActsService = (parts: ActsServiceParts): ActsService => {
  const { engine, transact, actions, sightings, nowMs } = parts
  const acting = createActing({ transact, actions, nowMs })

  const sideOf = (id: PersonId): Side => {
    const ids = engine.idsOf(id)
    const person = engine.personListed(id)
    return { ...person, visits: sightings.count(ids), aliases: ids.slice(1) }
  }
  const move = (name: SightingId, to: PersonId | null, by: string, question: string | null = null): Changed => {
    const sighting = engine.sighting(name)
    if (!sighting)
      throw conflict(
        `there is no sighting ${JSON.stringify(name)}`,
        'Name one that GET /api/sightings or rollcall people show lists; old ones are forgotten.',
      )
    const { person, tracks } = sighting
    if (to === null) return acting.act({ kind: 'split', person, tracks }, by, { sighting: name, question })
    return acting.act({ kind: 'move', from: person, to, tracks }, by, { sighting: name, question })
  }
  const { review, answer } = createReview({ ...parts, acting, sideOf, move })

  return {
    compare: (one, other) => compare(one, other, { engine, sightings, sideOf }),
    move: (sighting, to, by) => move(sighting, to, by),
    actions(limit, before) {
      const found = actions.actions(limit + 1, before)
      const page = found.slice(0, limit)
      return { actions: page.map(listed), next: found.length > limit ? (page.at(-1)?.id ?? null) : null }
    },
    undo: (id, by) => undo(id, by, parts),
    review,
    answer,
  }
}

/** Takes back what an action did, as far as the people are still there. Throws PERSON_CONFLICT when it cannot. */
const undo = (
  id: number,
  by: string,
  { actions, transact, nowMs, rehearse }: ActsServiceParts,
): ReturnType<ActsService['undo']> => {
  const action = actions.action(id)
  if (!action)
    throw conflict(`there is no action ${id}`, 'Name one that GET /api/actions or rollcall people actions lists.')
  if (action.undone) throw conflict(`action ${id} was undone by ${action.undone.by} already`, 'There is nothing to do.')
  const how = action.undo
  const isAnswer = action.kind === 'answer'
  if (!how && !isAnswer)
    throw conflict(
      action.kind === 'delete' ? 'a deletion cannot be undone' : `action ${id} (${action.kind}) cannot be undone`,
      action.kind === 'delete' ? 'Whoever comes again is a new person.' : 'Change the people as they are now.',
    )
  const atMs = nowMs()
  // One of many acts may refuse when others are taken back already.
  if (how?.kind === 'all') rehearse?.(how, atMs)
  const events = transact((people) => {
    const told = how ? people.undo(how, atMs) : []
    people.record({ kind: 'undone', id, atMs, by })
    if (action.question !== null) people.record({ kind: 'unanswered', question: action.question })
    return told
  })
  return { action: listed({ ...action, undone: { atMs, by } }), events }
}

/** Shows two people side by side, and what a merge would come to. */
const compare = (
  one: PersonId,
  other: PersonId,
  { engine, sideOf }: QuestionParts,
): ReturnType<ActsService['compare']> => {
  const [a, b] = [sideOf(one), sideOf(other)]
  const compared = engine.compare(one, other)
  const { into, from, against, namesDiffer, together } = compared
  const [stays, goes] = a.id === into ? [a, b] : [b, a]
  return {
    a,
    b,
    similarity: compared.whole?.similarity ?? null,
    score: compared.whole?.score ?? null,
    looks: compared.looks,
    threshold: compared.threshold,
    together,
    against,
    merge: {
      possible: !namesDiffer,
      needsForce: against !== null,
      into,
      from,
      name: stays.name ?? goes.name,
      visits: a.visits + b.visits,
      tracks: a.tracks + b.tracks,
      faces: a.faces + b.faces,
      aliases: [...stays.aliases, goes.id, ...goes.aliases],
    },
  }
}
