import { join } from 'node:path'
import type { RollcallEvent } from '../../events/types.ts'
import type { Metrics } from '../../metrics.ts'
import type { Log, PersonId, Time } from '../../types.ts'
import type { IsDeleted } from '../about-deleted.ts'
import { openSpooledSink, type SpooledSink } from '../spooled-sink.ts'
import { connector } from './connection.ts'
import { createMqttDrain } from './drain.ts'
import { discoveryMessages } from './home-assistant.ts'
import { liveMessage } from './live.ts'
import { encodeMessage } from './message.ts'
import { createMirror } from './mirror.ts'
import type { MqttTarget } from './options.ts'
import { openRetainedList, type RetainedList } from './retained-list.ts'
import { type SiteState, stateMessages, type Topics, topicsOf } from './state.ts'

/** The sink of `sinks.mqtt`. It owns its spool and its connection. */
export interface MqttSink extends SpooledSink {
  /** What passes by itself, as far as this program can do anything: the broker is away, or refuses. */
  warnings(): readonly string[]
  /** Sets the gauge of waiting events. */
  measure(): void
}

/** What the sink shares with its process. */
export interface MqttDeps {
  readonly site: string
  /** What is so now. */
  readonly state: () => SiteState
  /** The name of the person whom an ID stands for; null without one. */
  readonly nameOf: (id: PersonId) => string | null
  readonly isDeleted: IsDeleted
  /** Where events wait. */
  readonly directory: string
  readonly metrics: Pick<Metrics, 'mqtt'>
  readonly log: Log
  readonly time: Time
  /** How often it is looked whether somebody is no longer home. It defaults to 5000. */
  readonly everyMs?: number
  /** How long a broker may acknowledge nothing. It defaults to 30,000. */
  readonly acknowledgeWithinMs?: number
}

/**
 * Publishes events to a broker by way of a spool: `publish` resolves when they are on disk, and each comes at least once (QoS 1),
 * in order; a repeat has the same `id`. What is so now is retained beside them, and told anew after each connect. Throws SINK when the
 * spool or a TLS file cannot be opened. A broker that is away is no error.
 */
export const openMqtt = async (options: MqttTarget, deps: MqttDeps): Promise<MqttSink> => {
  const { site, state, metrics, log, time } = deps
  const topics = topicsOf(`${options.topicPrefix}/${site}`)
  const list = openRetainedList(join(deps.directory, 'retained.json'))
  const told = createTold(openRetainedList(join(deps.directory, 'told.json')), list, topics)
  const wanted = () => {
    const now = state()
    const said = stateMessages(now, options, topics, time.nowMs())
    return new Map([...discoveryMessages(site, now, options, topics), ...said])
  }
  const status = { topic: topics.status, here: 'online', gone: 'offline' }
  const mirror = createMirror(wanted, { ...list, add: told.add }, log)
  const drain = createMqttDrain({
    connect: connector(options, options.clientId ?? `rollcall-${site}`, status, deps.acknowledgeWithinMs),
    mirror,
    status,
    isDeleted: deps.isDeleted,
    onSent: (messages) => metrics.mqtt.sent.inc(messages),
    onConnected: (isConnected) => metrics.mqtt.connected.set(isConnected ? 1 : 0),
    log,
  })
  const changes = createChanges(drain.changed, deps.everyMs ?? 5000)
  const telling = {
    people: options.people,
    nameOf: deps.nameOf,
    isTold: told.has,
  }
  const sink = await openSpooledSink({
    name: 'mqtt',
    field: 'sinks.mqtt',
    directory: deps.directory,
    entryOf: (event) => {
      const message = liveMessage(event, telling, topics)
      return message && encodeMessage(message)
    },
    drain,
    isAway: () => drain.absence() !== null,
    log,
  }).catch((error: unknown) => {
    changes.close()
    throw error
  })
  return {
    ...sink,
    publish: async (events) => {
      await sink.publish(events)
      told.ended(events)
      if (events.some(({ type }) => type !== 'rollcall.frame.v1')) changes.note()
    },
    close: async () => {
      changes.close()
      await sink.close()
    },
    reasons: () => {
      const failure = mirror.failure()
      const unlisted = failure === null ? [] : [`sinks.mqtt: what is retained cannot be noted: ${failure}`]
      return [...sink.reasons(), ...unlisted]
    },
    warnings: () => {
      const absence = drain.absence()
      const count = sink.waiting()
      if (absence === null) return []
      return [`sinks.mqtt: the broker takes no events (${absence}); ${count} ${count === 1 ? 'waits' : 'wait'} on disk`]
    },
    measure: () => metrics.mqtt.waiting.set(sink.waiting()),
  }
}

/**
 * The people of whom something was retained at some time, by the topics of their presence: receivers have to hear of their end,
 * which may come long after nothing is retained any more, as when the disk is full or after a restart.
 */
const createTold = (told: RetainedList, list: RetainedList, topics: Topics) => ({
  has: (id: PersonId): boolean => [told, list].some((each) => each.has(topics.person(id, 'presence'))),
  /** For `list.add`. */
  add: (added: readonly string[]): void => {
    list.add(added)
    told.add(added.filter((topic) => topic.endsWith('/presence')))
  },
  /** These events are on disk. */
  ended: (events: readonly RollcallEvent[]): void => {
    const over = events.filter(
      ({ type }) => type === 'rollcall.person.deleted.v1' || type === 'rollcall.person.merged.v1',
    )
    if (over.length === 0) return
    try {
      told.remove(over.map(({ partitionkey }) => topics.person(partitionkey, 'presence')))
    } catch {
      // They are told of once more at most, if they come back.
    }
  },
})

/** What is retained is looked at again so long after an event: others may follow it, and all people are looked through. */
const SOON_MS = 200

/** Calls `changed` soon after events, and every so often, because absence makes no event. */
const createChanges = (changed: () => void, everyMs: number) => {
  let soon: NodeJS.Timeout | undefined
  const timer = setInterval(changed, everyMs).unref()
  return {
    note: (): void => {
      soon ??= setTimeout(() => {
        soon = undefined
        changed()
      }, SOON_MS).unref()
    },
    close: (): void => {
      clearInterval(timer)
      clearTimeout(soon)
    },
  }
}
