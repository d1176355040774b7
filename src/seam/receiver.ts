import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import { RollcallError } from '../errors.ts'
import { redact } from '../kafka/client.ts'
import { reasonOf } from '../kafka/failure.ts'
import type { Metrics } from '../metrics.ts'
import type { CameraId, Log } from '../types.ts'
import { unpackRecord } from './codec.ts'
import { type Candidate, electing } from './election.ts'
import { UnreadableError } from './envelope.ts'
import type { Ledger } from './ledger.ts'
import type { SeamRecord } from './record.ts'
import { ensureTopic, type SeamPlace } from './topic.ts'

/** Reads the records of a site, one identity process at a time. Owned by who opened it, who closes it. */
export interface Receiver {
  /** Why `/readyz` says no: the brokers are away, or another process reads. */
  reasons(): readonly string[]
  /** Whether the records come to this process, and to no other. */
  isOwner(): boolean
  close(): Promise<void>
}

/** A receiver that stands by until its process knows the people of the site. */
export interface StandingReceiver extends Receiver {
  /** Resolves when the group has given the site to this process; rejects with SINK when the topic cannot be used. */
  readonly elected: Promise<void>
  /** Takes records from now on. When another process gets the site, it is fatal. */
  begin(taking: Taking): void
  /** Takes no more, and keeps the site until it is closed. */
  end(): void
}

/** What takes records. */
export interface Taking {
  readonly ledger: Ledger
  /** Whether the ledger is on disk, so that these people alone may take the faces. */
  readonly isKept: boolean
  /** Called with each record at its offset, synchronously and in order. */
  readonly take: (offset: number, record: SeamRecord) => void
  /** Resolves when there is room for more. */
  readonly room: () => Promise<void> | null
  /** The faces belong to other people, or a record is of a version that this program does not know how to read. */
  readonly onFatal: (error: unknown) => void
}

/** What a receiver shares with its process. */
export interface ReceiverDeps {
  readonly metrics: Pick<Metrics, 'seam'>
  readonly log: Log
}

/** An idle fetch that waits longer holds up kafkajs' heartbeat, and the group takes the member for dead. */
const FETCH_WAIT_MS = 300
/** How long a reader that is gone keeps its place: the least that brokers allow by default. */
const SESSION_MS = 6_000
const RETRY_MS = { first: 200, most: 5000 }
/** How often the group is told how far this is, for people who look at its lag. */
const TELL_EVERY_MS = 1000
/** The same reason is logged at most so often. */
const LOG_EVERY_MS = 60_000

/** Reads until it is closed, from where the ledger says; connects again whenever that is needed. */
export const openReceiver = (place: SeamPlace, deps: ReceiverDeps & Taking): Receiver =>
  open(place, deps, { ...asleep(), taking: deps })

/**
 * Joins the group of identity processes, of which one has the site: that keeps it while it is there. The people are in a topic that all
 * of them read, so whoever is elected may take the faces.
 */
export const openStandingReceiver = (place: SeamPlace, deps: ReceiverDeps): StandingReceiver => {
  const elected = Promise.withResolvers<void>()
  elected.promise.catch(() => undefined)
  const state: State = { ...asleep(), standing: { elected, joinedMs: Date.now(), ownsSinceMs: null } }
  const receiver = open(place, deps, state)
  return {
    ...receiver,
    elected: elected.promise,
    begin: (taking) => {
      state.taking = taking
      state.begun.resolve()
      state.goOn?.()
    },
    end: () => {
      state.taking = null
      state.begun = Promise.withResolvers()
    },
  }
}

interface State {
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

const asleep = (): State => ({
  failure: 'it has not been reached yet',
  isOwner: false,
  taking: null,
  standing: null,
  begun: Promise.withResolvers<void>(),
  goOn: null,
})

const open = (place: SeamPlace, deps: ReceiverDeps, state: State): Receiver => {
  const { log } = deps
  const stopped = new AbortController()
  const isStopped = (): boolean => stopped.signal.aborted

  const work = async (): Promise<void> => {
    let waitMs = RETRY_MS.first
    while (!isStopped()) {
      try {
        await session(place, deps, state, stopped.signal)
        waitMs = RETRY_MS.first
      } catch (error) {
        if (error instanceof RollcallError) {
          state.standing?.elected.reject(error)
          state.taking?.onFatal(error)
          return
        }
        const reason = redact(place.options, reasonOf(error))
        if (state.failure !== reason) log.warn({ topic: place.topic, reason }, 'faces cannot be read from kafka')
        state.failure = reason
      }
      state.isOwner = false
      await sleep(waitMs, undefined, { signal: stopped.signal }).catch(() => undefined)
      waitMs = Math.min(2 * waitMs, RETRY_MS.most)
    }
  }
  const working = work()
  return {
    reasons: () => {
      if (state.failure !== null) return [`seam.kafka: no faces come from ${place.topic}: ${state.failure}`]
      return state.isOwner ? [] : [`seam.kafka: another identity process reads ${place.topic}, and this one waits`]
    },
    isOwner: () => state.isOwner,
    close: async () => {
      stopped.abort()
      await working
    },
  }
}

/** One membership of the group. Resolves when `signal` aborts; rejects when the connection fails. */
const session = async (place: SeamPlace, deps: ReceiverDeps, state: State, signal: AbortSignal): Promise<void> => {
  const { kafka, topic, group } = place
  const { standing } = state
  await ensureTopic(place)
  if (standing === null && state.taking) await checkOwner(kafka, place, state.taking)
  const consumer = kafka.consumer({
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

/** Takes batches apart. What cannot be read is counted, and the rest goes on. */
const createReader = (
  { envelope, topic }: SeamPlace,
  { metrics, log }: ReceiverDeps,
  isTaken: (by: Taking) => boolean,
) => {
  const loggedMs = new Map<string, number>()
  const complain = (camera: CameraId, { reason, message }: UnreadableError): void => {
    metrics.seam.taken.inc({ outcome: 'unreadable' })
    const now = performance.now()
    if (now - (loggedMs.get(reason) ?? Number.NEGATIVE_INFINITY) < LOG_EVERY_MS) return
    loggedMs.set(reason, now)
    log.error({ camera, topic, reason: message }, 'a record from kafka cannot be read and is left out')
  }
  const expectedIn = (ledger: Ledger, end: string, offset: number): number => {
    const next = ledger.next() ?? offset
    if (next <= Number(end)) return next
    log.warn({ topic, end, next }, 'the topic was made anew: it is read from its beginning')
    return offset
  }
  return async (payload: EachBatchPayload, taking: Taking): Promise<void> => {
    const { batch } = payload
    const { ledger, take, room } = taking
    for (const { key, value, offset: text } of batch.messages) {
      for (let wait = room(); wait !== null; wait = room()) {
        await Promise.race([wait, sleep(SESSION_MS / 10)])
        await payload.heartbeat()
      }
      if (!payload.isRunning() || payload.isStale() || !isTaken(taking)) return
      const offset = Number(text)
      const expected = expectedIn(ledger, batch.highWatermark, offset)
      payload.resolveOffset(text)
      // What was under way when this process sought another place.
      if (offset < expected) continue
      const camera = key === null ? '' : key.toString()
      try {
        take(offset, unpackRecord(envelope, camera, value))
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error
        ledger.pass(offset)
        complain(camera, error)
      }
    }
    metrics.seam.lag.set(Math.max(0, Number(batch.highWatermark) - (ledger.next() ?? 0)))
    await payload.heartbeat()
  }
}
