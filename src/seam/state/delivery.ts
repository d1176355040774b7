import { setTimeout as sleep } from 'node:timers/promises'
import type { Message, Producer, TopicMessages, Transaction } from 'kafkajs'
import { RollcallError } from '../../errors.ts'
import { redact } from '../../kafka/client.ts'
import { causes, failureOf, isProtocolError, reasonOf } from '../../kafka/failure.ts'
import { ALL_REPLICAS, producerConfig } from '../../kafka/producer.ts'
import type { Metrics } from '../../metrics.ts'
import type { Log } from '../../types.ts'
import { NO_COMPRESSION } from '../topic.ts'
import { openStateReader } from './reader.ts'
import type { PackedRecord, StateRecord } from './record.ts'
import type { StatePlace } from './topic.ts'

/** What the topic is known to have. */
export interface Confirmed {
  readonly number: number
  /** Everything up to that commit lies before this offset. */
  readonly next: number
}

/** A record of another topic. */
export interface Beside {
  readonly topic: string
  readonly message: Message
}

/** What one transaction is to write: all of it, or nothing. */
export interface Parcel {
  readonly rows: Iterable<PackedRecord>
  readonly head: Extract<StateRecord, { what: 'head' }>['head']
  readonly lastIds: Readonly<Record<string, number>>
  readonly messages: readonly Beside[]
}

/** Transactions of the one writer of a site. */
export interface Delivery {
  /** Fences whoever wrote before; the claim stands in the topic behind everything else when this resolves. */
  claim(): Promise<void>
  /** Tries until it is in the topic. Throws STATE when the site is another process's, and what brokers refuse for good. */
  deliver(parcel: Parcel): Promise<void>
  /** Null before the first. */
  confirmed(): Confirmed | null
  /** Why nothing gets there now. */
  failure(): string | null
  /** Tries no more. */
  close(): Promise<void>
}

/** What transactions share with their process. */
export interface DeliveryDeps {
  /** This process, in this life of it. */
  readonly writer: string
  /** Whether the group of identity processes still says that the site is this one's. */
  readonly isOwner: () => boolean
  readonly metrics: Pick<Metrics, 'stateTopic'>
  readonly log: Log
}

/** Brokers take a megabyte at once. */
const MOST_BYTES = 524_288
const RETRY_MS = { first: 100, most: 2000 }

const fencings = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING']
const isFenced = (error: unknown): boolean =>
  causes(error).some((each) => isProtocolError(each) && fencings.includes(each.type))

const takenOver = (cause?: unknown): RollcallError =>
  new RollcallError('STATE', 'seam.stateTopic: another identity process has taken this site over', {
    cause,
    remedy: 'Nothing is to be done: nothing was written or published since. Started again, this process stands by.',
  })

/** Opens nothing before it is asked to. */
export const createDelivery = (place: StatePlace, deps: DeliveryDeps): Delivery => {
  const { metrics, log } = deps
  const link = createLink(place)
  let confirmed: Confirmed | null = null
  /** Where this process claimed the site: nobody else writes after that. */
  let claimedAt: number | null = null
  let failure: string | null = null
  let turn = 0
  let isClosing = false

  const claim = async (): Promise<void> => {
    turn++
    await link.renew()
    const at = await link.transact([[place.codec.pack({ what: 'claim', writer: deps.writer, turn })]], [])
    claimedAt ??= at
  }
  const note = (error: unknown): void => {
    if (isFenced(error)) throw takenOver(error)
    if (error instanceof RollcallError || failureOf(error) === 'refused') throw error
    metrics.stateTopic.failures.inc()
    const reason = redact(place.options, reasonOf(error))
    if (failure !== reason)
      log.warn({ topic: place.topic, reason }, 'people cannot be written to kafka: everything waits')
    failure = reason
  }
  /** After a failure nobody knows whether the transaction went through: this process claims the site again, and reads up to that. */
  const isThere = async (head: Parcel['head']): Promise<boolean> => {
    await claim()
    const from = confirmed?.next ?? claimedAt ?? 0
    const found = await readToClaim(place, { from, writer: deps.writer, turn, number: head.number }, log)
    if (found) confirmed = { number: head.number, next: from }
    return found
  }
  return {
    claim,
    deliver: async (parcel) => {
      const chunks = chunksOf(place, parcel)
      for (let waitMs = RETRY_MS.first; ; waitMs = Math.min(2 * waitMs, RETRY_MS.most)) {
        try {
          const isDone = failure !== null && (await isThere(parcel.head))
          if (!isDone) confirmed = { number: parcel.head.number, next: await link.transact(chunks, parcel.messages) }
          if (failure !== null) log.info({ topic: place.topic }, 'people are written to kafka again')
          failure = null
          return
        } catch (error) {
          note(error)
        }
        if (isClosing) throw new Error(failure ?? 'closed')
        await sleep(waitMs)
        // A process that is not heard any more must not fence the one that has taken over.
        while (!deps.isOwner() && !isClosing) await sleep(RETRY_MS.first)
      }
    },
    confirmed: () => confirmed,
    failure: () => failure,
    close: async () => {
      isClosing = true
      await link.renew()
    },
  }
}

interface Sought {
  readonly from: number
  readonly writer: string
  readonly turn: number
  readonly number: number
}

/** Whether the commit of this number stands before the claim. Throws STATE when somebody else has written meanwhile. */
const readToClaim = async (place: StatePlace, { from, writer, turn, number }: Sought, log: Log): Promise<boolean> => {
  const claimed = Promise.withResolvers<boolean>()
  let isIn = false
  const look = (record: StateRecord): void => {
    if (record.what === 'row') return
    if ((record.what === 'claim' ? record.writer : record.head.writer) !== writer) claimed.reject(takenOver())
    if (record.what === 'head' && record.head.number === number) isIn = true
    if (record.what === 'claim' && record.turn === turn) claimed.resolve(isIn)
  }
  const reader = await openStateReader(place, from, ({ records }) => records.forEach(look), log)
  return Promise.race([claimed.promise, reader.failed]).finally(() => reader.close())
}

/** In pieces that brokers take; the head is the last record. */
const chunksOf = ({ codec }: StatePlace, { rows, head, lastIds }: Parcel): readonly (readonly PackedRecord[])[] => {
  const chunks: PackedRecord[][] = [[]]
  let bytes = 0
  for (const record of [...rows, codec.pack({ what: 'head', head, lastIds })]) {
    const size = record.key.length + (record.value?.length ?? 0) + 32
    if (bytes > 0 && bytes + size > MOST_BYTES) {
      chunks.push([])
      bytes = 0
    }
    chunks.at(-1)?.push(record)
    bytes += size
  }
  return chunks
}

/** A transactional producer that is made when it is needed. */
const createLink = ({ kafka, topic, transactionalId, options }: StatePlace) => {
  let producer: Producer | null = null
  const connected = async (): Promise<Producer> => {
    const created = kafka.producer({ ...producerConfig, transactionalId, idempotent: true })
    producer = created
    await created.connect()
    return created
  }
  const sendAll = async (
    transaction: Transaction,
    chunks: readonly (readonly PackedRecord[])[],
    messages: readonly Beside[],
  ): Promise<number> => {
    // One topic at a time. What goes to several brokers at once kafkajs sends again to all that have not answered yet when one of
    // them is not ready, as the first request of a transaction often is not (CONCURRENT_TRANSACTIONS): then it is there twice.
    const send = (topicMessages: TopicMessages) =>
      transaction.send({
        acks: ALL_REPLICAS,
        timeout: options.requestTimeoutMs,
        compression: NO_COMPRESSION,
        ...topicMessages,
      })
    let next = 0
    for (const chunk of chunks) {
      const [sent] = await send({ topic, messages: chunk.map(({ key, value }) => ({ key, value, partition: 0 })) })
      next = Number(sent?.baseOffset ?? next)
    }
    for (const others of byTopic(messages)) await send(others)
    return next
  }
  return {
    /** Resolves to an offset: all but the last piece lies before it. */
    transact: async (chunks: readonly (readonly PackedRecord[])[], messages: readonly Beside[]): Promise<number> => {
      const transaction = await (producer ?? (await connected())).transaction()
      const next = await sendAll(transaction, chunks, messages)
      await transaction.commit()
      return next
    },
    renew: async (): Promise<void> => {
      const old = producer
      producer = null
      await old?.disconnect().catch(() => undefined)
    },
  }
}

const byTopic = (messages: readonly Beside[]): TopicMessages[] =>
  [...Map.groupBy(messages, ({ topic }) => topic)].map(([topic, all]) => ({
    topic,
    messages: all.map(({ message }) => message),
  }))
