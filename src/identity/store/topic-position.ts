import type { DatabaseSync } from 'node:sqlite'
import { RollcallError } from '../../errors.ts'
import type { WallMs } from '../../types.ts'

/** Names a commit: after it the state is the same wherever it is. */
export interface StateHead {
  /** Names these people for ever. */
  readonly state: string
  /** The process that has committed, in one life of it. */
  readonly writer: string
  /** Rises by one with each commit. */
  readonly number: number
}

/** Which commits a file has, and how far its topic was read. */
export interface TopicPosition extends StateHead {
  /** The number of the last commit of this file that is known to be in the topic: all of it lies before `next`. */
  readonly confirmed: number
  /** An offset. */
  readonly next: number
  /** By our clock, when that was known. */
  readonly readMs: WallMs
}

/** Null: these people are in no topic. */
export const readPosition = (db: DatabaseSync): TopicPosition | null => {
  const row = db.prepare('SELECT state, writer, number, confirmed, next, read_ms AS readMs FROM state_topic').get()
  return row === undefined ? null : (row as unknown as TopicPosition)
}

/** Prepares what writes the position, or with null takes it away. */
export const positionWriter = (db: DatabaseSync): ((position: TopicPosition | null) => void) => {
  const put = db.prepare('INSERT OR REPLACE INTO state_topic VALUES (1, ?, ?, ?, ?, ?, ?)')
  return (position) => {
    if (position === null) db.exec('DELETE FROM state_topic')
    else {
      const { state, writer, number, confirmed, next, readMs } = position
      put.run(state, writer, number, confirmed, next, Math.round(readMs))
    }
  }
}

/** The STATE error for who would change people that are in a topic, and does not write there. */
export const livesInTopic = (file: string): RollcallError =>
  new RollcallError(
    'STATE',
    `${file}: these people are kept in a topic of Kafka (seam.stateTopic), which this would not change`,
    {
      remedy: 'Change them through the identity process that runs: --url http://HOST:PORT.',
    },
  )
