import type { DatabaseSync } from 'node:sqlite'
import type { LoggedEvent } from '../state/state.ts'
import { allRows, lastIds, noteRows, type StateRow } from './row-log.ts'
import { livesInTopic, positionWriter, readPosition, type StateHead, type TopicPosition } from './topic-position.ts'
import type { Transactions } from './transactions.ts'

/** What one commit has changed. */
export interface StateCommit {
  readonly head: StateHead
  /** Those that are gone first. */
  readonly rows: Iterable<StateRow>
  readonly lastIds: Readonly<Record<string, number>>
  readonly events: readonly LoggedEvent[]
}

/** Where the people of a site are besides in this file, and before that in the opinion of everybody else. */
export interface StateLog {
  /** Where this process took over; then, how far the topic has what was pushed. Null: nobody was in the topic then. */
  position(): TopicPosition | null
  /** The next commit of this process. */
  readonly first: StateHead
  push(commit: StateCommit): void
}

/** Counts the commits of a file, and tells where they go what they have changed. */
export interface StateCommits {
  /** Whether this process may change these people. */
  readonly mayWrite: boolean
  /** Within the transaction. Throws STATE when these people are in a topic that this process does not write. */
  count(): void
  /** After it. */
  tell(events: readonly LoggedEvent[]): void
  /** The transaction was undone. */
  forget(): void
}

/** Without a log only whether somebody else's people would be changed. People who are in no topic yet go there at once. */
export const createStateCommits = (db: DatabaseSync, file: string, log: StateLog | null): StateCommits => {
  if (log === null) {
    const isElsewhere = readPosition(db) !== null
    const count = (): void => {
      if (isElsewhere) throw livesInTopic(file)
    }
    return { mayWrite: !isElsewhere, count, tell: () => undefined, forget: () => undefined }
  }
  const noted = noteRows(db)
  const put = positionWriter(db)
  let head = log.first
  const write = (): void => {
    const before = log.position() ?? { confirmed: -1, next: 0, readMs: 0 }
    const { confirmed, next, readMs } = before
    put({ ...head, confirmed, next, readMs })
  }
  const push = (rows: Iterable<StateRow>, events: readonly LoggedEvent[]): void => {
    log.push({ head, rows, lastIds: lastIds(db), events })
    head = { ...head, number: head.number + 1 }
  }
  if (log.position() === null) {
    write()
    push([...allRows(db)], [])
  }
  return { mayWrite: true, count: write, tell: (events) => push(noted.take(), events), forget: () => noted.drop() }
}

/** Makes the function that does `work` in one transaction, as a commit, and then tells of it. */
export const commitsIn =
  (transactions: Pick<Transactions, 'write'>, commits: StateCommits) =>
  (work: () => void, isLasting: boolean, events: readonly LoggedEvent[]): void => {
    transactions.write(() => {
      work()
      commits.count()
    }, isLasting)
    commits.tell(events)
  }
