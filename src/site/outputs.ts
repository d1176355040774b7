import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { RollcallEvent, Sighting, Topic } from '../events/types.ts'
import type { Store } from '../identity/store/store.ts'
import type { Metrics } from '../metrics.ts'
import type { Server, ServerDeps } from '../server/http.ts'
import type { SinkState } from '../server/system-answers.ts'
import type { EventLog } from '../sinks/event-queue.ts'
import { openJsonLines } from '../sinks/jsonl/json-lines.ts'
import { createOutbox, type Outbox } from '../sinks/outbox.ts'
import type { Sink } from '../sinks/sink.ts'
import type { WebhookSink } from '../sinks/webhook/webhook-sink.ts'
import type { WebSocketSink } from '../sinks/websocket/websocket-sink.ts'
import type { SiteTraces } from '../telemetry/site-traces.ts'
import type { Log, PersonId } from '../types.ts'
import { isLogged } from './committed-identity.ts'
import { createFindEvents } from './find-events.ts'
import { openRemoteSinks, type RemoteSink } from './remote-sinks.ts'
import { createWebhooksService } from './webhooks-service.ts'

/** What the outputs show and whom they tell. */
export interface OutputDeps extends Omit<ServerDeps, 'webSocket' | 'viewerDirectory' | 'metrics' | 'denied' | 'time'> {
  readonly metrics: Metrics
  /** The built viewer; `viewer/dist` when left out. */
  readonly viewerDirectory?: string
  /** The metrics of all processes, as Prometheus text. */
  readonly exposition: () => Promise<string>
  readonly log: Log
  /** True for recordings: no event is dropped, the producer waits instead; a sink that stays broken ends the run. */
  readonly lossless: boolean
  /** Events about people that some sink may lack; null when people are kept in memory only. */
  readonly eventLog: Omit<EventLog, 'sequenceOf'> | null
  /** `Store.eventsBefore`; null where people are kept in memory only. */
  readonly eventsBefore: Store['eventsBefore'] | null
  /** Whether an event is written to Kafka with what is known of people, and not by its sink. */
  readonly isBeside?: (event: RollcallEvent) => boolean
  /** Whether a rule may fire. */
  readonly hasRules: () => boolean
  /** Where events wait for webhooks and brokers. */
  readonly waitingDirectory: string
  /** A sink will never take events again, and why: the run cannot go on. */
  readonly onSinkGone: (error: unknown) => void
  /** Every ID from before a merge, and who it stands for now. */
  readonly aliases: () => ReadonlyMap<PersonId, PersonId>
  readonly openSightings: () => readonly Sighting[]
  /** Who an ID stands for after merges. */
  readonly resolve: (id: PersonId) => PersonId
  /** The name of the person whom an ID stands for; null without one. */
  readonly nameOf: (id: PersonId) => string | null
  /** Whether somebody with this ID was deleted. */
  readonly isDeleted: (id: PersonId) => boolean
  /** Every sink has the events about people and sightings up to this `sequence`. Not called without sinks. */
  readonly onDelivered: (sequence: number) => void
  /** Null, or left out, where nothing is traced. */
  readonly traces?: SiteTraces | null
}

/** The sinks and the HTTP server of a run; `close` closes them. */
export interface Outputs {
  /** One for each sink. */
  readonly outboxes: readonly Outbox[]
  /** Null when HTTP is off. */
  readonly webSocket: WebSocketSink | null
  /** Where the viewer is; null when HTTP is off. */
  readonly url: string | null
  /** How many events wait for each sink, and why it takes none; measured anew. */
  sinks(): readonly SinkState[]
  /** The process is ending: nothing waits for a sink any more, and `close` gives up in time. */
  finish(): void
  /** Opens the events file again. Rejects when that fails. */
  reopen(): Promise<void>
  /** `Server.reload`; nothing when HTTP is off. */
  reloadServer(next: Config['http']): readonly string[]
  /**
   * Delivers waiting events, closes clients and sinks, then stops listening. Rejects with the first failure, after all
   * is closed.
   */
  close(): Promise<void>
}

const LIVE_DROPS: ReadonlySet<Topic> = new Set(['frames'])
/** How long recordings wait for a disk that is full or fails before the run ends with an error. */
const RECORDINGS_WAIT_MS = 10_000

/**
 * Opens everything through which events and answers leave the identity process. Throws what the sinks and the server throw
 * (SINK, HTTP_LISTEN, CONFIG_INVALID), and then leaves nothing open.
 */
export const openOutputs = async (config: Config, deps: OutputDeps): Promise<Outputs> => {
  await using opening = new AsyncDisposableStack()
  const mayDrop = deps.lossless ? new Set<Topic>() : LIVE_DROPS
  const outboxes: Outbox[] = []
  let server: Server | null = null
  // The server closes last, because the WebSocket sink sends close frames over its sockets.
  opening.defer(() => server?.close())
  opening.defer(() => closeAll(outboxes))

  const open = createOutboxes(config.sinks.queue, mayDrop, deps)
  const webSocket = config.http.port === null ? null : await openWebSocket(config, deps)
  if (webSocket) outboxes.push(open(webSocket))
  if (config.sinks.events !== null)
    outboxes.push(open(await openJsonLines(config.sinks.events, config.sinks.rotate, deps.log), 'file'))
  const remote: RemoteSink[] = []
  const state = () => ({ cameras: deps.cameras(), people: deps.people(), openSightings: deps.openSightings() })
  const webhooks = await openRemoteSinks(config, { ...deps, mayDrop, state }, (sink) => {
    remote.push(sink)
    outboxes.push(open(sink))
  })
  if (webSocket) server = await serve(config, deps, { webSocket, remote, outboxes, webhooks })

  // Only now: what one sink has must not count as delivered before all the others are known.
  for (const outbox of outboxes) outbox.start()

  const owned = opening.move()
  let closing: Promise<void> | undefined
  return {
    outboxes,
    webSocket,
    url: server?.url ?? null,
    sinks: () => {
      for (const sink of remote) sink.measure()
      return outboxes.map((outbox) => ({ name: outbox.sink.name, waiting: outbox.size(), failure: outbox.failure() }))
    },
    finish: () => {
      for (const outbox of outboxes) outbox.finish()
    },
    reopen: async () => {
      await Promise.all(outboxes.map((outbox) => outbox.reopen()))
    },
    reloadServer: (next) => server?.reload(next) ?? [],
    close: () => (closing ??= owned.disposeAsync()),
  }
}

/** Closes all, even when some fail; then rejects with the first failure. */
const closeAll = async (outboxes: readonly Outbox[]): Promise<void> => {
  const closed = await Promise.allSettled(outboxes.map((outbox) => outbox.close()))
  const failed = closed.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}

/** The server and its sink are loaded when they are asked for: they are a third of all code. */
const openWebSocket = async (config: Config, deps: OutputDeps): Promise<WebSocketSink> => {
  const { webSocketSink } = await import('../sinks/websocket/websocket-sink.ts')
  return webSocketSink(config.sinks.webSocket, {
    snapshot: () => ({
      cameras: deps.cameras(),
      people: deps.people(),
      aliases: Object.fromEntries(deps.aliases()),
      sightings: deps
        .openSightings()
        .map(({ sighting, person, camera, fromMs }) => ({ sighting, person, camera, fromMs })),
    }),
    resolve: deps.resolve,
    metrics: deps.metrics,
    log: deps.log,
    time: { nowMs: Date.now },
  })
}

/**
 * Makes the function that puts an outbox in front of a sink. An event counts as delivered when all these sinks have it.
 */
const createOutboxes = (
  capacity: number,
  mayDrop: ReadonlySet<Topic>,
  { metrics, log, onDelivered, lossless, eventLog, onSinkGone, traces }: OutputDeps,
): ((sink: Sink, traceName?: string) => Outbox) => {
  const deliveredTo = new Map<Sink, number>()
  const sequenceOf = (event: RollcallEvent) => (isLogged(event) ? event.data.sequence : null)
  return (sink, traceName = sink.name) => {
    deliveredTo.set(sink, eventLog?.published ?? 0)
    return createOutbox(traces ? traced(sink, traceName, traces) : sink, {
      capacity,
      mayDrop,
      kept: eventLog && { ...eventLog, sequenceOf },
      giveUpAfterMs: lossless ? RECORDINGS_WAIT_MS : null,
      onDrop: (event) => metrics.drops.inc({ stage: `sink-${sink.name}`, camera: event.subject }),
      onDelivered: (events) => {
        const last = events.findLast(isLogged)
        if (!last) return
        deliveredTo.set(sink, last.data.sequence)
        onDelivered(Math.min(...deliveredTo.values()))
      },
      onFailure: () => metrics.sinkFailures.inc({ sink: sink.name }),
      onGone: onSinkGone,
      log,
    })
  }
}

/** The sink, whose writes are traced under this name: that of a file may hold the name of a user. */
const traced = (sink: Sink, name: string, traces: SiteTraces): Sink => ({
  ...sink,
  publish: (events) => traces.publish(name, events, () => sink.publish(events)),
})

interface Served {
  readonly webSocket: WebSocketSink
  readonly remote: readonly RemoteSink[]
  readonly outboxes: readonly Outbox[]
  readonly webhooks: ReadonlyMap<string, WebhookSink>
}

const serve = async (
  config: Config,
  deps: OutputDeps,
  { webSocket, remote, outboxes, webhooks }: Served,
): Promise<Server> => {
  const { startServer } = await import('../server/http.ts')
  return startServer(config.http, {
    ...deps,
    metrics: () => {
      for (const sink of remote) sink.measure()
      for (const outbox of outboxes) deps.metrics.sinkQueueEvents.set({ sink: outbox.sink.name }, outbox.size())
      return deps.exposition()
    },
    ready: () => {
      const failures = outboxes.flatMap((outbox) => outbox.failure() ?? [])
      const site = deps.ready()
      const reasons = [...site.reasons, ...failures, ...remote.flatMap((sink) => sink.reasons())]
      return {
        ready: reasons.length === 0,
        reasons,
        warnings: [...site.warnings, ...remote.flatMap((sink) => sink.warnings())],
      }
    },
    webSocket,
    webhooks: createWebhooksService(config.sinks.webhooks, webhooks),
    events: createFindEvents({ recent: webSocket, before: deps.eventsBefore, resolve: deps.resolve }),
    denied: deps.metrics,
    time: { nowMs: Date.now },
    viewerDirectory: deps.viewerDirectory ?? join(import.meta.dirname, '../../viewer/dist'),
  })
}
