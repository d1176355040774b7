import type { DatabaseSync } from 'node:sqlite'
import type { ActionKind, PersonId } from '../../types.ts'
import { type DoubtfulJoin, doubtIn } from '../state/doubtful-join.ts'
import { type Action, type JournalEntry, mentionedIn, type SavedAction, withoutPeople } from '../state/journal.ts'
import type { LoggedEvent, StateChange } from '../state/state.ts'
import { preparing, type Row } from './prepared.ts'

/** What people did, and what there is to ask them, in tables of SQLite. Reads and writes join the transaction that is open. */
export interface ActionTable {
  /**
   * Writes what people did, and joins in doubt. Of deleted people everything goes but the deletion itself; so does what is
   * too old by our clock, and the oldest of what is too many.
   */
  apply(change: Pick<StateChange, 'journal' | 'events' | 'retired' | 'sightingsFromMs'>): void
  /** The newest first; at most `limit`, before the action of this ID. */
  actions(limit: number, before: number | null): SavedAction[]
  /** Null when there is none, or when it is not kept any more. */
  action(id: number): SavedAction | null
  /** Whether somebody has answered this question of the review. */
  isAnswered(question: string): boolean
  /** Joins in doubt, the newest first. */
  doubts(): DoubtfulJoin[]
}

/** How many are kept. An action is about .5 kB, an answer .1 kB, a doubtful join .2 kB. */
const most = { actions: 10_000, answers: 10_000, doubts: 500 } as const

const prepare = (db: DatabaseSync, onWrite: () => void) => {
  const { write, read } = preparing(db, onWrite)
  const forget = (table: 'answers' | 'doubtful_joins') =>
    `DELETE FROM ${table} WHERE EXISTS (SELECT 1 FROM json_each(${table}.people) WHERE value IN (SELECT value FROM json_each(?)))`
  return {
    putAction: write('INSERT INTO actions (at_ms, by, kind, people, question, action) VALUES (?, ?, ?, ?, ?, ?)'),
    undo: write('UPDATE actions SET undone_ms = ?, undone_by = ? WHERE id = ?'),
    trimActions: write(`DELETE FROM actions WHERE id <= (SELECT max(id) FROM actions) - ${most.actions}`),
    dropOldActions: write('DELETE FROM actions WHERE at_ms < ?'),
    mentioning: read(
      "SELECT * FROM actions WHERE kind <> 'delete' AND EXISTS (SELECT 1 FROM json_each(people) WHERE value IN (SELECT value FROM json_each(?)))",
    ),
    dropAction: write('DELETE FROM actions WHERE id = ?'),
    changeAction: write('UPDATE actions SET people = ?, action = ? WHERE id = ?'),
    actions: read('SELECT * FROM actions WHERE id < ? ORDER BY id DESC LIMIT ?'),
    action: read('SELECT * FROM actions WHERE id = ?'),
    putAnswer: write('INSERT OR REPLACE INTO answers (question, people, at_ms) VALUES (?, ?, ?)'),
    dropAnswer: write('DELETE FROM answers WHERE question = ?'),
    trimAnswers: write(
      `DELETE FROM answers WHERE question IN (SELECT question FROM answers ORDER BY at_ms DESC, question LIMIT -1 OFFSET ${most.answers})`,
    ),
    forgetAnswers: write(forget('answers')),
    answer: read('SELECT 1 FROM answers WHERE question = ?'),
    putDoubt: write('INSERT OR REPLACE INTO doubtful_joins (track, sequence, people, doubt) VALUES (?, ?, ?, ?)'),
    dropDoubt: write('DELETE FROM doubtful_joins WHERE track = ?'),
    trimDoubts: write(
      `DELETE FROM doubtful_joins WHERE track IN (SELECT track FROM doubtful_joins ORDER BY sequence DESC LIMIT -1 OFFSET ${most.doubts})`,
    ),
    forgetDoubts: write(forget('doubtful_joins')),
    doubts: read('SELECT doubt FROM doubtful_joins ORDER BY sequence DESC'),
  }
}

/** Opens the tables in an open database, on disk or in memory. Whoever opened the database closes it. */
export const openActionTable = (db: DatabaseSync, onWrite: () => void): ActionTable => {
  const run = prepare(db, onWrite)
  const keep = (entry: JournalEntry): void => {
    if (entry.kind === 'action') {
      const { atMs, by, kind, question } = entry.action
      run.putAction(atMs, by, kind, JSON.stringify(mentionedIn(entry.action)), question, JSON.stringify(entry.action))
      run.trimActions()
    } else if (entry.kind === 'undone') run.undo(entry.atMs, entry.by, entry.id)
    else if (entry.kind === 'unanswered') run.dropAnswer(entry.question)
    else {
      run.putAnswer(entry.question, JSON.stringify(entry.people), entry.atMs)
      run.trimAnswers()
    }
  }
  const forget = ({ id, action }: Row, gone: ReadonlySet<PersonId>): void => {
    const left = withoutPeople(JSON.parse(action as string) as Action, gone)
    if (left) run.changeAction(JSON.stringify(mentionedIn(left)), JSON.stringify(left), id as number)
    else run.dropAction(id as number)
  }
  const watch = (event: LoggedEvent): void => {
    if (event.type !== 'rollcall.track.assigned.v1' && event.type !== 'rollcall.track.reassigned.v1') return
    const doubt = doubtIn(event)
    // Whoever has the track now: what was doubtful of somebody else is over.
    if (!doubt) return void run.dropDoubt(event.data.track)
    const people = [doubt.person, ...(doubt.runnerUp ? [doubt.runnerUp.person] : [])]
    run.putDoubt(doubt.track, event.data.sequence, JSON.stringify(people), JSON.stringify(doubt))
    run.trimDoubts()
  }
  return {
    apply({ journal, events, retired, sightingsFromMs }) {
      for (const event of events) watch(event)
      for (const entry of journal) keep(entry)
      if (retired.length > 0) {
        const gone = JSON.stringify(retired)
        for (const row of run.mentioning(gone)) forget(row, new Set(retired))
        run.forgetAnswers(gone)
        run.forgetDoubts(gone)
      }
      if (sightingsFromMs !== null) run.dropOldActions(sightingsFromMs)
    },
    actions: (limit, before) => run.actions(before ?? Number.MAX_SAFE_INTEGER, limit).map(saved),
    action: (id) => run.action(id).map(saved)[0] ?? null,
    isAnswered: (question) => run.answer(question).length > 0,
    doubts: () => run.doubts().map(({ doubt }) => JSON.parse(doubt as string) as DoubtfulJoin),
  }
}

const saved = ({ id, kind, action, undone_ms, undone_by }: Row): SavedAction => ({
  ...(JSON.parse(action as string) as Action),
  kind: kind as ActionKind,
  id: id as number,
  undone: undone_ms === null ? null : { atMs: undone_ms as number, by: undone_by as string },
})
