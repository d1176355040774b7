import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import { RollcallError } from '../errors.ts'
import { type FollowedState, openFollowedState } from '../identity/store/followed-state.ts'
import { schemaVersion } from '../identity/store/schema.ts'
import type { StateLog } from '../identity/store/state-commits.ts'
import type { TopicPosition } from '../identity/store/topic-position.ts'
import { redact } from '../kafka/client.ts'
import { reasonOf } from '../kafka/failure.ts'
import { createMetrics, type Metrics } from '../metrics.ts'
import type { SeamTarget } from '../seam/options.ts'
import { openStandingReceiver, type StandingReceiver } from '../seam/receiver.ts'
import { ensureStateTopic, type StatePlace, statePlace } from '../seam/state/topic.ts'
import { createStateWriter, type StateWriter } from '../seam/state/writer.ts'
import { seamPlace } from '../seam/topic.ts'
import { ensureTopics } from '../sinks/kafka/topics.ts'
import type { Log } from '../types.ts'
import { eventsGoBeside } from './events-beside.ts'
import { type Following, followState } from './follow-state.ts'
import { logTo } from './state-log.ts'
import { startStatusServer } from './status-server.ts'

/** What an identity process has that has taken a site over. */
export interface TakenOver {
  readonly receiver: StandingReceiver
  readonly writer: StateWriter
  readonly stateLog: StateLog
  readonly registry: Registry
  readonly metrics: Metrics
  /** After the run: what was committed is written, and then another process may have the site. */
  close(): Promise<void>
}

/** How a process stands by. */
export interface StandByOptions {
  readonly seam: SeamTarget
  /** Its own: people are kept there as Kafka has them. */
  readonly directory: string
  /** Ends the waiting. */
  readonly signal: AbortSignal
  readonly showToken?: (token: string, url: string) => void
  readonly log: Log
}

/** How long the last commit may take at the end. */
const CLOSE_WITHIN_MS = 3000
const AGAIN_AFTER_MS = 1000
const LOOK_EVERY_MS = 1000

/**
 * Follows what the identity process of the site commits, in a directory of its own, until that one is gone and this process has the
 * site: nobody else can write then, and the directory has everything. Resolves to null when `signal` aborts before. Throws STATE and
 * SINK; then nothing is left open. While the brokers are away it waits.
 */
export const standBy = async (config: Config, options: StandByOptions): Promise<TakenOver | null> => {
  const { seam, signal, log } = options
  await using opening = new AsyncDisposableStack()
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const writerId = randomUUID()
  const place = statePlace(config.site, seam, schemaVersion, log)
  const receiver = openStandingReceiver(seamPlace(config.site, seam, log), { metrics, log })
  opening.defer(() => receiver.close())
  const writer = createStateWriter(place, { writer: writerId, isOwner: () => receiver.isOwner(), metrics, log })
  opening.defer(() => writer.close(CLOSE_WITHIN_MS))
  const position = await whileFollowing(config, options, { place, registry, metrics }, async (followed) => {
    const patient = patience(place, options)
    const following = await patient(async () => {
      await ensureStateTopic(place)
      return followState({ place, followed, writer: writerId, nowMs: Date.now, log })
    })
    if (following === null) return undefined
    try {
      return await takeOver(config, { ...options, place, receiver, writer, metrics, following, patient })
    } finally {
      await following.close()
    }
  })
  if (position === undefined || signal.aborted) return null
  show(metrics, 'active')
  const owned = opening.move()
  const stateLog = logTo(writer, position, writerId, config, log)
  return { receiver, writer, stateLog, registry, metrics, close: () => owned.disposeAsync() }
}

interface Standing {
  readonly place: StatePlace
  readonly registry: Registry
  readonly metrics: Metrics
}

/** Holds the directory, and says over HTTP that this process stands by, while `work` goes on. */
const whileFollowing = async <T>(
  { http }: Pick<Config, 'http'>,
  { directory, log, showToken }: StandByOptions,
  { registry, metrics }: Standing,
  work: (followed: FollowedState) => Promise<T>,
): Promise<T> => {
  await using opening = new AsyncDisposableStack()
  const followed = opening.adopt(openFollowedState(directory), (opened) => opened.close())
  show(metrics, 'standby')
  if (http.port !== null) {
    const server = await startStatusServer(http, {
      ready: () => ({ ready: false, reasons: [STANDBY], warnings: [] }),
      cameras: () => [],
      metrics,
      exposition: () => registry.metrics(),
      elsewhere: { status: 503, message: 'this process stands by: ask the one that has the site' },
      log,
      showToken,
    })
    opening.defer(() => server.close())
  }
  return await work(followed)
}

const STANDBY = 'standby: this process follows the one that has the site, and takes it over when that is gone'

const show = (metrics: Pick<Metrics, 'stateTopic'>, role: 'active' | 'standby'): void => {
  for (const each of ['active', 'standby'] as const) metrics.stateTopic.role.set({ role: each }, each === role ? 1 : 0)
}

/** Does something again while the brokers are away; null when `signal` aborts. */
const patience =
  (place: StatePlace, { signal, log }: Pick<StandByOptions, 'signal' | 'log'>) =>
  async <T>(work: () => Promise<T>): Promise<T | null> => {
    while (!signal.aborted)
      try {
        return await work()
      } catch (error) {
        if (error instanceof RollcallError) throw error
        log.warn({ topic: place.topic, reason: redact(place.options, reasonOf(error)) }, 'kafka does not answer yet')
        await sleep(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined)
      }
    return null
  }

interface TakingOver extends StandByOptions {
  readonly place: StatePlace
  readonly receiver: StandingReceiver
  readonly writer: StateWriter
  readonly metrics: Metrics
  readonly following: Following
  readonly patient: ReturnType<typeof patience>
}

/** Waits for the site, fences who had it, and reads to the end. Undefined when `signal` aborts. */
const takeOver = async (config: Config, parts: TakingOver): Promise<TopicPosition | null | undefined> => {
  const { place, receiver, writer, metrics, following, patient, signal, log } = parts
  const over = Promise.withResolvers<undefined>()
  const end = (): void => over.resolve(undefined)
  signal.addEventListener('abort', end, { once: true })
  const looking = setInterval(() => metrics.stateTopic.lag.set(following.lag()), LOOK_EVERY_MS)
  try {
    log.info({ topic: place.topic }, 'role identity, standby: this process follows the people of the site')
    // Whoever follows fails before it is elected, too.
    const failed = following.complete.then(() => undefined)
    await Promise.race([receiver.elected, failed, over.promise])
    if (signal.aborted) return undefined
    if (eventsGoBeside(config))
      await patient(() => ensureTopics(place.kafka, config.sinks.kafka, log, (topic) => topic !== 'rules'))
    await patient(() => writer.claim())
    return await Promise.race([following.complete, over.promise])
  } finally {
    clearInterval(looking)
    metrics.stateTopic.lag.set(0)
    signal.removeEventListener('abort', end)
  }
}
