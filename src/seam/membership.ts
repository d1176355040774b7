import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, Kafka } from 'kafkajs'
import { RollcallError } from '../errors.ts'
import { reasonOf } from '../kafka/failure.ts'
import { type Candidate, electing } from './election.ts'
import { createReader } from './reader.ts'
import { type ReceiverDeps, SESSION_MS, type Taking } from './taking.ts'
import { ensureTopic, type SeamPlace } from './topic.ts'

/** What a receiver knows of its group and its process. */
export interface State {
  failure: string | null
  isOwner: boolean
  /** Null before the people are known. */
  taking: Taking | null
  /** Where there are others to take over. */
  readonly standing: (Candidate & { ownsSinceMs: number | null; elected: PromiseWithResolvers<void> }) | null
  /** Resolves when `taking` is there. */
  begun: PromiseWithResolvers<void>
  /** What a membership does then; null without one. */
  goOn: (() => void) | null
}

/** An idle fetch that waits longer holds up kafkajs' heartbeat, and the group takes the member for dead. */
const FETCH_WAIT_MS = 300
/** How often the group is told how far this is, for people who look at its lag. */
const TELL_EVERY_MS = 1000

/** One membership of the group. Resolves when `signal` aborts; rejects when the connection fails. */
export const beMember = async (
  place: SeamPlace,
  deps: ReceiverDeps,
  state: State,
  signal: AbortSignal,
): Promise<void> => {
  const { kafka, topic } = place
  const { standing } = state
  await ensureTopic(place)
  if (standing === null && state.taking) await checkOwner(kafka, place, state.taking)
  const consumer = consumerOf(place, standing)
  const over = Promise.withResolvers<void>()
  const telling = createTelling(consumer, place, deps, state)
  const tell = setInterval(() => void telling(), TELL_EVERY_MS)
  const stop = (): void => over.resolve()
  signal.addEventListener('abort', stop, { once: true })
  /** Once the people are known and the group has said who has the site. */
  const goOn = (): void => {
    if (state.taking === null) return
    if (!state.isOwner) {
      if (standing) over.reject(replaced())
      return
    }
    const next = state.taking.ledger.next()
    if (next !== null) consumer.seek({ topic, partition: 0, offset: String(next) })
    void telling()
    deps.log.info({ topic, from: next ?? 'the beginning' }, 'faces are read from kafka by this process')
  }
  try {
    consumer.on(consumer.events.CRASH, ({ payload }) => over.reject(payload.error))
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      state.isOwner = (payload.memberAssignment[topic] ?? []).length > 0
      state.failure = null
      if (standing) standing.ownsSinceMs = state.isOwner ? (standing.ownsSinceMs ?? Date.now()) : null
      if (state.isOwner) standing?.elected.resolve()
      state.goOn = goOn
      goOn()
    })
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    const reader = createReader(place, deps, (taking) => state.taking === taking)
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => {
        if (state.taking) return reader(payload, state.taking)
        // What was fetched is fetched again, from where the ledger says.
        await Promise.race([state.begun.promise, sleep(SESSION_MS / 10)])
        await payload.heartbeat()
      },
    })
    await over.promise
    await telling()
  } finally {
    state.goOn = null
    clearInterval(tell)
    signal.removeEventListener('abort', stop)
    await consumer.disconnect().catch(() => undefined)
  }
}

const consumerOf = ({ kafka, topic, group }: SeamPlace, standing: State['standing']): Consumer =>
  kafka.consumer({
    groupId: group,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: SESSION_MS / 10,
    rebalanceTimeout: SESSION_MS,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
    retry: { retries: 1, restartOnFailure: async () => false },
    ...(standing && {
      partitionAssigners: [electing(topic, () => ({ joinedMs: standing.joinedMs, ownsSinceMs: standing.ownsSinceMs }))],
    }),
  })

const replaced = (): RollcallError =>
  new RollcallError('STATE', 'seam.kafka: another identity process has taken this site over', {
    remedy: 'Nothing is to be done: nothing was published since. Started again, this process stands by.',
  })

/** Whose these faces are stands in the group: throws STATE when they are those of other people. */
const checkOwner = async (kafka: Kafka, { topic, group }: SeamPlace, { ledger, isKept }: Taking): Promise<void> => {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    const owner = found?.partitions[0]?.metadata ?? null
    if (owner === null || owner === '' || (isKept && owner === ledger.id)) return
    throw new RollcallError(
      'STATE',
      `seam.kafka: the faces in ${topic} belong to the people of another state directory`,
      {
        remedy: `Start with that directory; or, if it is gone, delete the consumer group first: kafka-consumer-groups.sh --delete --group ${group}`,
      },
    )
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

/** Tells the group how far the people on disk are, and whose they are, whenever that has changed. */
const createTelling = (consumer: Consumer, { topic }: SeamPlace, { log }: ReceiverDeps, state: State) => {
  let told: number | null = null
  return async (): Promise<void> => {
    if (state.taking === null) return
    const { ledger, isKept } = state.taking
    const offset = ledger.committed()
    if (!isKept || offset === null || offset === told) return
    told = offset
    const failed = (error: unknown): void => log.debug({ reason: reasonOf(error) }, 'the group was not told')
    await consumer.commitOffsets([{ topic, partition: 0, offset: String(offset), metadata: ledger.id }]).catch(failed)
  }
}
