import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import '../../../src/kafka/mend-timers.ts'
import { madeOnce } from '../made-once.ts'
import type { HangingProxy } from './hanging-proxy.ts'

/** A real Apache Kafka 4 of this test's own, one KRaft node, on loopback. */
export interface Broker {
  /** Without TLS and login, everything allowed. */
  readonly plain: string
  /** TLS and SASL: `rollcall` may do everything, `guest` nothing. */
  readonly secure: string
  /** As `plain`, through the proxy of `startBroker`; null without one. */
  readonly proxied: string | null
  /** PEM file with the certificate of `secure`. */
  readonly ca: string
  /** Where its segments are, a folder for each partition. */
  readonly data: string
  /** As `kill -9` does. */
  kill(): Promise<void>
  /** After `kill`: with the same data on the same ports. */
  start(): Promise<void>
  close(): Promise<void>
}

export const users = { rollcall: 'rollcall-$ecret-17', guest: 'guest-$ecret-18' } as const

const jars = (): string | null => {
  try {
    return execFileSync(join(import.meta.dirname, 'fetch'), { encoding: 'utf8', timeout: 300_000 }).trim()
  } catch (error) {
    console.warn(`\nSKIPPED: no Apache Kafka for the tests that need a broker: ${String(error).split('\n')[0]}\n`)
    return null
  }
}
const directoryOfJars = jars()
/** For `test.skipIf`: says so loudly where it is false. */
export const hasKafka = directoryOfJars !== null

/** Ports that nobody listens on, all different: each is held until all are known. */
export const freePorts = async (count: number): Promise<number[]> => {
  const held = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(held.map((server) => once(server, 'listening')))
  const ports = held.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(held.map((server) => once(server.close(), 'close')))
  return ports
}

/** Runs a class of Kafka; `log` is a file descriptor. */
export const java = (main: string, args: readonly string[], log: number): ChildProcess =>
  spawn(
    'java',
    ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${directoryOfJars}/*`, main, ...args],
    { stdio: ['ignore', log, log] },
  )

interface Ports {
  readonly plain: number
  readonly secure: number
  readonly controller: number
  /** Where the broker listens behind the proxy. */
  readonly behind: number
}

const propertiesFor = (data: string, keystore: string, ports: Ports, proxyPort: number, sessionMs = 9000) => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${ports.controller}
listeners=PLAINTEXT://127.0.0.1:${ports.plain},PROXIED://127.0.0.1:${ports.behind},SASL_SSL://127.0.0.1:${ports.secure},CONTROLLER://127.0.0.1:${ports.controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${ports.plain},PROXIED://127.0.0.1:${proxyPort},SASL_SSL://127.0.0.1:${ports.secure}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=${data}
num.partitions=3
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
broker.session.timeout.ms=${sessionMs}
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
log.cleaner.backoff.ms=200
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:rollcall
ssl.keystore.type=PEM
ssl.keystore.location=${keystore}
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_rollcall="${users.rollcall}" user_guest="${users.guest}";
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
`

/** Storage of a broker with its users and nothing else. It names no port: Kafka's own tool makes it once for all. */
const formatted = (): Promise<string> =>
  madeOnce('kafka-storage', [import.meta.filename], async (directory) => {
    const file = join(await mkdtemp(join(tmpdir(), 'rollcall-kafka-')), 'broker.properties')
    await writeFile(
      file,
      propertiesFor(`${directory}/data`, 'none', { plain: 9092, secure: 9093, controller: 9094, behind: 9095 }, 9095),
    )
    const scram = (['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const).flatMap((mechanism) =>
      Object.entries(users).flatMap(([name, password]) => [
        '--add-scram',
        `${mechanism}=[name=${name},password=${password}]`,
      ]),
    )
    const said = `${file}.log`
    const id = ['-t', 'cm9sbGNhbGwtdGVzdHMtMA', '-c', file]
    const [code] = await once(java('kafka.tools.StorageTool', ['format', ...id, ...scram], openSync(said, 'a')), 'exit')
    if (code !== 0) throw new Error(`Kafka storage could not be formatted: ${readFileSync(said, 'utf8')}`)
    await rm(dirname(file), { recursive: true })
  })

/**
 * Starts one. With `proxy`, it is also reached through that, which is told where to. A broker that stands still for `sessionMs`
 * loses its groups and topics for a moment; one that was killed and starts again has to wait for so long.
 */
export const startBroker = async (proxy: HangingProxy | null = null, sessionMs?: number): Promise<Broker> => {
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-kafka-'))
  const at = (name: string) => join(directory, name)
  const [own = 0, secure = 0, controller = 0, behind = 0] = await freePorts(4)
  const ports = { plain: own, secure, controller, behind }
  proxy?.leadTo(ports.behind)
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const keys = ['-newkey', 'rsa:2048', '-nodes', '-keyout', at('key.pem'), '-out', at('ca.pem')]
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...keys, ...subject], { stdio: 'ignore' })
  await writeFile(at('keystore.pem'), readFileSync(at('key.pem'), 'utf8') + readFileSync(at('ca.pem'), 'utf8'))
  await writeFile(
    at('broker.properties'),
    propertiesFor(at('data'), at('keystore.pem'), ports, proxy?.port ?? ports.behind, sessionMs),
  )
  const log = openSync(at('broker.log'), 'a')

  await cp(join(await formatted(), 'data'), at('data'), { recursive: true })

  let child: ChildProcess
  const killAtExit = (): void => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const plain = `127.0.0.1:${ports.plain}`
  const start = async (): Promise<void> => {
    child = java('kafka.Kafka', [at('broker.properties')], log)
    const client = new Kafka({ brokers: [plain], logLevel: logLevel.NOTHING, retry: { retries: 0 } })
    for (;;) {
      const admin = client.admin()
      try {
        await admin.connect()
        await admin.listTopics()
        return
      } catch (error) {
        if (child.exitCode !== null)
          throw new Error(`Kafka ended:\n${readFileSync(at('broker.log'), 'utf8')}`, { cause: error })
        await sleep(100)
      } finally {
        await admin.disconnect().catch(() => undefined)
      }
    }
  }
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await start()
  return {
    plain,
    secure: `localhost:${ports.secure}`,
    proxied: proxy === null ? null : `127.0.0.1:${proxy.port}`,
    ca: at('ca.pem'),
    data: at('data'),
    kill,
    start,
    close: async () => {
      process.off('exit', killAtExit)
      await kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export interface Consumed {
  readonly topic: string
  readonly partition: number
  readonly key: string
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
  /** The record's own time; −1 when it has none. */
  readonly atMs: number
}

/** kafkajs does not repeat this one by itself, and a topic that is new may have no leader that everybody knows of. */
const fetchOffsets = async (admin: Admin, topic: string): ReturnType<Admin['fetchTopicOffsets']> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await admin.fetchTopicOffsets(topic)
    } catch (error) {
      const isPassing = error instanceof Error && 'retriable' in error && error.retriable === true
      if (!isPassing || attempt === 50) throw error
      await sleep(100)
    }
  }
}

/** Everything the topics have, from their beginning to their end now; in order within a partition. */
export const readTopics = async (brokers: string, topics: readonly string[]): Promise<readonly Consumed[]> => {
  const client = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING })
  const admin = client.admin()
  await admin.connect()
  const ends = new Map<string, number>()
  for (const topic of topics)
    for (const { partition, high } of await fetchOffsets(admin, topic))
      if (Number(high) > 0) ends.set(`${topic}/${partition}`, Number(high))
  await admin.disconnect()
  const all: Consumed[] = []
  if (ends.size === 0) return all
  const consumer = client.consumer({ groupId: `test-${process.pid}-${performance.now()}` })
  await consumer.connect()
  await consumer.subscribe({ topics: [...topics], fromBeginning: true })
  const { promise: done, resolve } = Promise.withResolvers<void>()
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const headers = Object.fromEntries(
        Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
      )
      const [key, value] = [String(message.key), message.value && String(message.value)]
      all.push({ topic, partition, key, value, headers, atMs: Number(message.timestamp) })
      const place = `${topic}/${partition}`
      if (Number(message.offset) + 1 >= (ends.get(place) ?? Number.POSITIVE_INFINITY)) ends.delete(place)
      if (ends.size === 0) resolve()
    },
  })
  await done
  await consumer.disconnect()
  return all
}
