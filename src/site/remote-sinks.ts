import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { RollcallEvent, Topic } from '../events/types.ts'
import type { Metrics } from '../metrics.ts'
import type { IsDeleted } from '../sinks/about-deleted.ts'
import { isConfigured } from '../sinks/kafka/options.ts'
import { isMqttConfigured } from '../sinks/mqtt/options.ts'
import type { SiteState } from '../sinks/mqtt/state.ts'
import type { Sink } from '../sinks/sink.ts'
import { openWebhook, type WebhookSink } from '../sinks/webhook/webhook-sink.ts'
import type { Log, PersonId } from '../types.ts'

/** A sink whose events wait on disk for somebody far away. */
export interface RemoteSink extends Sink {
  /** Why `/readyz` says no: somebody has to do something. */
  reasons(): readonly string[]
  /** What passes by itself, as far as this program can do anything. */
  warnings(): readonly string[]
  /** Sets the gauges of what waits. */
  measure(): void
}

/** What remote sinks share with their process. */
export interface RemoteDeps {
  /** Topics whose oldest events are dropped when a spool is full; none for recordings. */
  readonly mayDrop: ReadonlySet<Topic>
  /** Where events wait that have no directory of their own. */
  readonly waitingDirectory: string
  /** True for recordings. */
  readonly lossless: boolean
  /** Whether an event is written to Kafka with what is known of people, and not by its sink. */
  readonly isBeside?: (event: RollcallEvent) => boolean
  /** Whether a rule may fire. */
  readonly hasRules: () => boolean
  /** What is so now. */
  readonly state: () => SiteState
  /** The name of the person whom an ID stands for; null without one. */
  readonly nameOf: (id: PersonId) => string | null
  readonly isDeleted: IsDeleted
  readonly metrics: Metrics
  readonly log: Log
}

/**
 * Opens one after the other; `add` gets each at once and closes it, also after a failure of a later one. Each has a spool of its
 * own, so that one that is away holds up nobody else. Resolves to the webhooks by name. Throws SINK.
 */
export const openRemoteSinks = async (
  { site, sinks }: Pick<Config, 'site' | 'sinks'>,
  { mayDrop, lossless, waitingDirectory, isBeside, hasRules, state, nameOf, isDeleted, metrics, log }: RemoteDeps,
  add: (sink: RemoteSink) => void,
): Promise<ReadonlyMap<string, WebhookSink>> => {
  const time = { nowMs: Date.now }
  // Who creates topics by hand need not do so for what does not come.
  const isUsed = (topic: Topic): boolean => topic !== 'rules' || hasRules()
  // Clients are loaded when they are asked for: each takes memory, and a part of the start.
  if (isConfigured(sinks.kafka)) {
    const { openKafka } = await import('../sinks/kafka/kafka-sink.ts')
    add(await openKafka(sinks.kafka, { mayDrop, isUsed, ...(isBeside && { isBeside }), metrics, log, time }))
  }
  if (isMqttConfigured(sinks.mqtt) && lossless)
    log.info({}, 'recordings are not told over MQTT, which says what is so now')
  else if (isMqttConfigured(sinks.mqtt)) {
    const { openMqtt } = await import('../sinks/mqtt/mqtt-sink.ts')
    const directory = join(waitingDirectory, 'mqtt')
    add(await openMqtt(sinks.mqtt, { site, state, nameOf, isDeleted, directory, metrics, log, time }))
  }
  const directory = join(waitingDirectory, 'webhooks')
  const webhooks = new Map<string, WebhookSink>()
  for (const [name, options] of Object.entries(sinks.webhooks)) {
    const sink = await openWebhook(name, options, { directory, isDeleted, metrics, log, time })
    webhooks.set(name, sink)
    add(sink)
  }
  const configured = [...webhooks.keys()].map((name) => join(directory, name))
  if (isMqttConfigured(sinks.mqtt)) configured.push(join(waitingDirectory, 'mqtt'))
  tellLeftOver(waitingDirectory, configured, log)
  return webhooks
}

/** Events of a sink that is not configured any more stay, deletions of people do not reach them, and nobody would know. */
const tellLeftOver = (directory: string, configured: readonly string[], log: Log): void => {
  const mqtt = foldersIn(directory).filter((path) => basename(path) === 'mqtt')
  for (const path of [...mqtt, ...foldersIn(join(directory, 'webhooks'))])
    if (!configured.includes(path))
      log.warn({ directory: path }, 'events of a sink that is not in the configuration any more: delete the directory')
}

const foldersIn = (directory: string): readonly string[] => {
  try {
    const entries = readdirSync(directory, { withFileTypes: true })
    return entries.flatMap((entry) => (entry.isDirectory() ? join(directory, entry.name) : []))
  } catch {
    return []
  }
}
