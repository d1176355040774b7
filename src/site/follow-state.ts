import { setTimeout as sleep } from 'node:timers/promises'
import { RollcallError } from '../errors.ts'
import type { FollowedState, TopicEntry } from '../identity/store/followed-state.ts'
import type { StateHead, TopicPosition } from '../identity/store/topic-position.ts'
import { redact } from '../kafka/client.ts'
import { reasonOf } from '../kafka/failure.ts'
import {
  openStateReader,
  type StateBatch,
  type StateReader,
  stateTopicEnds,
  type TopicEnds,
} from '../seam/state/reader.ts'
import type { StateRecord } from '../seam/state/record.ts'
import { type StatePlace, TOMBSTONES_STAY_MS } from '../seam/state/topic.ts'
import type { Log, WallMs } from '../types.ts'

/** A file that is kept as the topic is. */
export interface Following {
  /** Records that it lacks, as of the last fetch. */
  lag(): number
  /**
   * Resolves once the file has everything that stood in the topic before this process claimed it: to where that was, or null when
   * nobody was in the topic. Rejects with STATE.
   */
  readonly complete: Promise<TopicPosition | null>
  close(): Promise<void>
}

/** What a file is kept with. */
export interface FollowingParts {
  readonly place: StatePlace
  readonly followed: FollowedState
  /** This process: its claim ends the reading. */
  readonly writer: string
  readonly nowMs: () => WallMs
  readonly log: Log
}

const AGAIN_AFTER_MS = 1000

/** What the file has is not what the topic has: its last commit never got there, or others went on from before it. */
class Diverged extends Error {}

/**
 * Begins to follow. What is in the file stays when the topic goes on from there, and is made anew from the topic where it does not.
 * Rejects with what kafkajs throws when it cannot begin.
 */
export const followState = async (parts: FollowingParts): Promise<Following> => {
  const { place, followed, log, nowMs } = parts
  const ends = await stateTopicEnds(place)
  let reader: StateReader | null = null
  let isClosed = false
  /** Again and again while the brokers are away. */
  const opened = async (from: number, take: (batch: StateBatch) => void): Promise<StateReader> => {
    for (;;)
      try {
        return await openStateReader(place, from, take, log)
      } catch (error) {
        if (isClosed) throw error
        const reason = redact(place.options, reasonOf(error))
        log.warn({ topic: place.topic, reason }, 'the people of the site cannot be read from kafka for now')
        await sleep(AGAIN_AFTER_MS)
      }
  }
  const begin = async (from: number): Promise<TopicPosition | null> => {
    const claimed = Promise.withResolvers<TopicPosition | null>()
    const take = createTake(parts, { from, ends, onClaimed: claimed.resolve })
    reader = await opened(from, take)
    if (isClosed) await reader.close()
    return Promise.race([claimed.promise, reader.failed])
  }
  const anew = async (why: string): Promise<TopicPosition | null> => {
    log.warn({ topic: place.topic, why }, 'the people in the state directory are made anew from kafka')
    followed.clear()
    return begin(ends.from)
  }
  const work = async (): Promise<TopicPosition | null> => {
    const why = unusable(followed.position(), ends, nowMs())
    if (why !== null) return anew(why)
    try {
      return await begin(beginning(followed.position(), ends))
    } catch (error) {
      await reader?.close()
      if (!(error instanceof Diverged) || isClosed) throw error
      return anew(error.message)
    }
  }
  const complete = work()
  complete.catch(() => undefined)
  return {
    lag: () => reader?.lag() ?? 0,
    complete,
    close: async () => {
      isClosed = true
      await reader?.close()
    },
  }
}

const isEmpty = ({ from, until }: TopicEnds): boolean => from === until

/** Where to go on; a topic that was made anew has nobody. */
const beginning = (position: TopicPosition | null, ends: TopicEnds): number =>
  position === null || isEmpty(ends) ? ends.from : position.next

/** Why what is in the file cannot be gone on from. Null: it can, or the topic has nobody. */
const unusable = (position: TopicPosition | null, ends: TopicEnds, nowMs: WallMs): string | null => {
  if (position === null || isEmpty(ends)) return null
  if (position.next < ends.from || position.next > ends.until) return 'the topic does not go on from there'
  // What was deleted since may have been forgotten.
  return nowMs - position.readMs > TOMBSTONES_STAY_MS / 2 ? 'it has not been followed for too long' : null
}

interface Taking {
  readonly from: number
  readonly ends: TopicEnds
  readonly onClaimed: (position: TopicPosition | null) => void
}

/** Writes what is read into the file, from where that is sure to be what the topic has. */
const createTake = ({ place, followed, writer, nowMs, log }: FollowingParts, { from, ends, onClaimed }: Taking) => {
  let position = followed.position()
  let isSure = position === null || position.number === position.confirmed
  let hasHead = from > ends.from
  let isUpToDate = false
  const judge = (head: StateHead): void => {
    if (position === null && !followed.isNew() && !hasHead) throw othersPeople()
    hasHead = true
    if (position !== null && position.state !== '' && head.state !== position.state)
      throw new Diverged('other people are in the topic')
    if (isSure) return
    if (head.writer !== position?.writer || head.number > position.number)
      throw new Diverged('its last commit never got there')
    isSure = head.number === position.number
  }
  const entryOf = (record: StateRecord): TopicEntry | null => {
    if (record.what === 'claim') return null
    const wasSure = isSure
    if (record.what === 'head') judge(record.head)
    return wasSure ? record : null
  }
  return ({ records, next }: StateBatch): void => {
    const entries = records.map(entryOf).filter((entry) => entry !== null)
    if (isSure) followed.apply(entries, next, nowMs())
    position = followed.position()
    // The last offset is that of the marker that ends a transaction.
    if (!isUpToDate && isSure && next >= ends.until - 1) {
      isUpToDate = true
      log.info({ topic: place.topic }, 'the state directory is up to date: this process can take the site over')
    }
    if (!records.some((record) => record.what === 'claim' && record.writer === writer)) return
    if (!isSure && hasHead) throw new Diverged('its last commit never got there')
    onClaimed(hasHead ? position : null)
  }
}

const othersPeople = (): RollcallError =>
  new RollcallError(
    'STATE',
    'seam.stateTopic: the people of the site are in Kafka, and those in the state directory are not',
    {
      remedy:
        'Start with an empty directory, or, when the topic is wrong, stop all identity processes and delete it: then the people of the directory go there.',
    },
  )
