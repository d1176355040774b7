import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Metrics } from '../metrics.ts'
import { type Server, type ServerDeps, startServer } from '../server/http.ts'
import { openJsonLines } from '../sinks/jsonl.ts'
import { isConfigured } from '../sinks/kafka/client.ts'
import { type KafkaSink, openKafka } from '../sinks/kafka/kafka-sink.ts'
import { createOutbox, type Outbox } from '../sinks/outbox.ts'
import type { Sink } from '../sinks/sink.ts'
import { type WebSocketSink, webSocketSink } from '../sinks/websocket/websocket-sink.ts'
import type { Log, PersonId, Topic } from '../types.ts'
import { isLogged } from './committed-identity.ts'

export interface OutputDeps extends Omit<ServerDeps, 'webSocket' | 'viewerDirectory' | 'metrics' | 'denied' | 'time'> {
  readonly metrics: Metrics
  readonly exposition: () => Promise<string>
  readonly log: Log
  /** Recordings: no event is ever dropped, whoever produces waits. */
  readonly lossless: boolean
  /** Who a person was merged into. */
  readonly resolve: (id: PersonId) => PersonId
  /** Every sink has the events about people and tracks up to this one. */
  readonly onDelivered: (sequence: number) => void
}

export interface Outputs {
  readonly outboxes: readonly Outbox[]
  readonly webSocket: WebSocketSink | null
  readonly url: string | null
  /** Delivers what waits, says goodbye to clients, stops listening. */
  close(): Promise<void>
}

const LIVE_DROPS: ReadonlySet<Topic> = new Set(['frames'])

/** Everything through which events and answers leave the identity process. */
export const openOutputs = async (config: Config, deps: OutputDeps): Promise<Outputs> => {
  const { metrics, log } = deps
  const time = { nowMs: Date.now }
  const webSocket =
    config.http.port === null
      ? null
      : webSocketSink(config.sinks.webSocket, {
          snapshot: () => ({ cameras: deps.cameras(), people: deps.people() }),
          resolve: deps.resolve,
          metrics,
          log,
          time,
        })
  const sinks: Sink[] = webSocket ? [webSocket] : []
  if (config.sinks.events !== null) sinks.push(await openJsonLines(config.sinks.events))
  const mayDrop = deps.lossless ? new Set<Topic>() : LIVE_DROPS
  const kafka: KafkaSink | null = isConfigured(config.sinks.kafka)
    ? await openKafka(config.sinks.kafka, { mayDrop, metrics, log })
    : null
  if (kafka) sinks.push(kafka)

  const upTo = new Map(sinks.map((sink) => [sink, 0]))
  const outboxes = sinks.map((sink) =>
    createOutbox(sink, {
      capacity: config.sinks.queue,
      mayDrop,
      onDrop: (event) => metrics.drops.inc({ stage: `sink-${sink.name}`, camera: event.subject }),
      onDelivered: (events) => {
        const last = events.filter(isLogged).at(-1)
        if (!last) return
        upTo.set(sink, last.data.sequence)
        deps.onDelivered(Math.min(...upTo.values()))
      },
      onFailure: () => metrics.sinkFailures.inc({ sink: sink.name }),
      log,
    }),
  )
  const closeSinks = async (): Promise<void> => {
    for (const outbox of outboxes) await outbox.close()
  }
  const serve = (accept: ServerDeps['webSocket']): Promise<Server> =>
    startServer(config.http, {
      ...deps,
      metrics: () => {
        kafka?.measure()
        for (const outbox of outboxes) metrics.sinkQueueEvents.set({ sink: outbox.sink.name }, outbox.size())
        return deps.exposition()
      },
      ready: () => {
        const reasons = [...deps.ready().reasons, ...(kafka?.reasons() ?? [])]
        return { ready: reasons.length === 0, reasons }
      },
      webSocket: accept,
      denied: metrics,
      time,
      viewerDirectory: join(import.meta.dirname, '../../viewer/dist'),
    })
  const server =
    webSocket &&
    (await serve(webSocket).catch(async (error: unknown) => {
      await closeSinks()
      throw error
    }))
  return {
    outboxes,
    webSocket,
    url: server?.url ?? null,
    close: async () => {
      await closeSinks()
      await server?.close()
    },
  }
}
