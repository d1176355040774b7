import kafkajs, { type Consumer, type Kafka } from 'kafkajs'
import { describeError } from '../errors.ts'
import type { Log } from '../types.ts'
import type { Slot } from './assign.ts'
import { placementAssignor } from './assignor.ts'
import type { MemberData } from './member-data.ts'
import { type PlacementNames, wantedTopic, workersGroup } from './topic.ts'
import { IDLE_FETCH_MS } from './view.ts'

/** Membership in the group of workers. */
export interface Group {
  /** Whether Kafka knows this member: false when it has not been heard for so long that others may have its cameras. */
  readonly isHeard: () => boolean
  /** Joins again at the next record of an own slot, so that the others learn what `self` says now. */
  readonly rejoinSoon: () => void
  /** Whether `rejoinSoon` was called, and no join has come since. */
  readonly mustRejoin: () => boolean
  /** Leaves; the others divide its slots within a heartbeat. */
  readonly leave: () => Promise<void>
}

/** What a member is and hears. */
export interface GroupParts {
  readonly names: PlacementNames
  /** How long Kafka waits for a member that is silent, milliseconds. */
  readonly sessionTimeoutMs: number
  readonly self: () => MemberData
  readonly isUsed: (slot: Slot) => boolean
  readonly onAssigned: (slots: readonly Slot[]) => void
  /** The group is lost for good: Kafka refuses this member. */
  readonly onFailure: (error: Error) => void
  /** A monotonic clock, milliseconds. */
  readonly elapsedMs: () => number
  readonly log: Log
}

/** What kafkajs takes for "join again" when a consumer throws it. */
const rejoin = (): Error =>
  new kafkajs.KafkaJSProtocolError({
    name: 'KafkaJSProtocolError',
    type: 'REBALANCE_IN_PROGRESS',
    code: 27,
    message: 'this member has something new to say',
    retriable: false,
  } as never)

/**
 * Joins the group. Slots come by `onAssigned`, after this has resolved too. Cameras go on while the group rebalances: only what
 * `onAssigned` leaves out is given up.
 */
export const joinGroup = async (kafka: Kafka, parts: GroupParts): Promise<Group> => {
  const { names, sessionTimeoutMs, log } = parts
  const topic = wantedTopic(names)
  let mustRejoin = false
  let heardMs = parts.elapsedMs()
  const self = (): MemberData => {
    mustRejoin = false
    return parts.self()
  }
  const consumer = kafka.consumer({
    groupId: workersGroup(names),
    partitionAssigners: [placementAssignor({ topic, self, isUsed: parts.isUsed })],
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.min(1000, sessionTimeoutMs / 4),
    maxWaitTimeInMs: IDLE_FETCH_MS,
    retry: { restartOnFailure: async () => true },
  })
  const { HEARTBEAT, GROUP_JOIN, CRASH } = consumer.events
  consumer.on(HEARTBEAT, () => {
    heardMs = parts.elapsedMs()
  })
  consumer.on(GROUP_JOIN, ({ payload }) => {
    heardMs = parts.elapsedMs()
    parts.onAssigned(payload.memberAssignment[topic] ?? [])
  })
  consumer.on(CRASH, ({ payload: { error, restart } }) => {
    log.warn({ error: describeError(error) }, 'the group of workers is lost')
    if (!restart) parts.onFailure(error)
  })
  await start(consumer, topic, () => {
    if (mustRejoin) throw rejoin()
  })
  return {
    // A member that waits for the others to join is silent for as long as they may take.
    isHeard: () => parts.elapsedMs() - heardMs < 2 * sessionTimeoutMs,
    rejoinSoon: () => {
      mustRejoin = true
    },
    mustRejoin: () => mustRejoin,
    leave: () => consumer.disconnect().catch(() => undefined),
  }
}

/** The group's records only wake it up: what they say is read by the view. */
const start = async (consumer: Consumer, topic: string, eachRecord: () => void): Promise<void> => {
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: false })
    await consumer.run({ autoCommit: false, eachMessage: async () => eachRecord() })
  } catch (error) {
    await consumer.disconnect().catch(() => undefined)
    throw error
  }
}
