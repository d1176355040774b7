import { once } from 'node:events'
import { RollcallError } from '../errors.ts'
import type { Topic } from '../events/types.ts'
import { shownUrl } from '../ingest/camera-url.ts'
import { kafkaClient } from '../kafka/client.ts'
import { silent } from '../silent-log.ts'
import { type KafkaTarget, kafkaOptions } from '../sinks/kafka/options.ts'
import { configure, named, overrideOptions, parse } from './arguments.ts'
import { tailKafka } from './events/tail-kafka.ts'
import { tailWebSocket } from './events/tail-web-socket.ts'
import { runningRollcall } from './running-rollcall.ts'

/** `http://HOST:PORT`, as the other commands take it, is the WebSocket of that Rollcall. */
const socketUrl = (url: string): string => {
  const parsed = new URL(url)
  parsed.protocol = parsed.protocol.replace('http', 'ws')
  if (parsed.pathname === '/') parsed.pathname = '/ws'
  return parsed.href
}

const help = `rollcall events tail [--url URL | --kafka HOST:PORT | --config FILE] [OPTIONS]

Prints events as they come, one line of JSON for each, until Ctrl-C.

  --url URL          a Rollcall, http://HOST:PORT, or its WebSocket; the token comes from ROLLCALL_TOKEN (default: the one
                     that has the state directory open, else http://127.0.0.1:8080)
  --kafka HOST:PORT  a Kafka broker without login; use --config for TLS and SASL
  --config FILE      a configuration whose sinks.kafka names brokers; its TLS, SASL and topic prefix are used. Without
                     Kafka in it: of the Rollcall that runs with it
  --topics LIST      some of frames,sightings,people,cameras,rules (default: all but frames)
  --from-beginning   with Kafka: also the events that are there already`

const all: readonly Topic[] = ['frames', 'sightings', 'people', 'cameras', 'rules']

const topicsOf = (list: string | undefined): readonly Topic[] => {
  if (list === undefined) return all.filter((topic) => topic !== 'frames')
  const wanted = list.split(',').map((name) => name.trim())
  const unknown = wanted.find((name) => !all.some((topic) => topic === name))
  if (unknown !== undefined)
    throw new RollcallError('USAGE', `--topics: expected some of ${all.join(', ')}, found "${unknown}"`)
  return all.filter((topic) => wanted.includes(topic))
}

/** Prints events until it is interrupted. Resolves to 0; throws USAGE, and SINK when the source cannot be reached. */
export const events = async ([verb, ...args]: readonly string[]): Promise<number> => {
  if (verb !== undefined && !verb.startsWith('-'))
    named('events command', verb, { tail: true }, 'see rollcall events --help')
  const options = parse('events', verb === 'tail' ? args : verb === undefined ? ['--help'] : [verb, ...args], {
    config: overrideOptions.config,
    url: { type: 'string' },
    kafka: { type: 'string' },
    topics: { type: 'string' },
    'from-beginning': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (options.help) {
    console.log(help)
    return verb === undefined ? 2 : 0
  }
  const topics = topicsOf(options.topics)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  process.stdout.on('error', () => stop.abort())
  const print = async (line: string): Promise<void> => {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain', { signal: stop.signal })
  }
  const configured = configure(options, process.env).sinks.kafka
  const kafka = options.kafka === undefined ? configured : kafkaOptions.parse({ brokers: [options.kafka] })
  if (kafka.brokers !== null && options.url === undefined) {
    const target = kafka as KafkaTarget
    await tailKafka(kafkaClient(target, silent), target, {
      topics,
      fromBeginning: options['from-beginning'] ?? false,
      print,
      signal: stop.signal,
    })
    return 0
  }
  const url = options.url ?? (await runningRollcall(options))
  if (!/^(wss?|https?):\/\//i.test(url) || !URL.canParse(url))
    throw new RollcallError(
      'USAGE',
      `--url ${shownUrl(url)}: expected http://HOST:PORT or ws://HOST:PORT/ws, or the same with TLS`,
    )
  await tailWebSocket(socketUrl(url), { topics, token: process.env.ROLLCALL_TOKEN ?? null, print, signal: stop.signal })
  return 0
}
