import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { freePorts, java } from './broker.ts'

/** Real brokers of this test's own on loopback, each a JVM; every topic is on all of them, and two must have a record. */
export interface Cluster {
  /** HOST:PORT of each. */
  readonly brokers: readonly string[]
  /** The process of a broker; 0 while it does not run. */
  readonly pid: (broker: number) => number
  /** As `kill -9` does. */
  kill(broker: number): Promise<void>
  /** SIGTERM: it hands over what it leads, and ends. */
  stop(broker: number): Promise<void>
  /** With the same data on the same ports; nothing when it runs. */
  start(broker: number): void
  /** Whether every partition has all its copies again. */
  isWhole(): Promise<boolean>
  close(): Promise<void>
}

const propertiesFor = (
  node: number,
  data: string,
  { plain, voters, controller }: { readonly plain: number; readonly voters: string; readonly controller: number },
  count: number,
) => `
process.roles=broker,controller
node.id=${node}
controller.quorum.voters=${voters}
listeners=PLAINTEXT://127.0.0.1:${plain},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${plain}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=${data}
default.replication.factor=${count}
min.insync.replicas=${Math.min(2, count)}
offsets.topic.replication.factor=${count}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=${count}
transaction.state.log.min.isr=${Math.min(2, count)}
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=1000
controller.quorum.fetch.timeout.ms=4000
`

const runs = (child: ChildProcess | undefined): child is ChildProcess =>
  child !== undefined && child.exitCode === null && child.signalCode === null

/** Starts so many brokers, each of which is a controller too, and waits until all know each other. */
export const startCluster = async (count: number): Promise<Cluster> => {
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-cluster-'))
  const ports = await freePorts(2 * count)
  const portOf = (i: number): number => ports[i] ?? 0
  const voters = Array.from({ length: count }, (_, i) => `${i + 1}@127.0.0.1:${portOf(count + i)}`).join(',')
  const brokers = Array.from({ length: count }, (_, i) => `127.0.0.1:${portOf(i)}`)
  const file = (broker: number): string => join(directory, `${broker}.properties`)
  const logFile = (broker: number): string => join(directory, `${broker}.log`)
  const children: ChildProcess[] = []
  const killAll = (): void => {
    for (const child of children) child.kill('SIGKILL')
  }
  process.once('exit', killAll)
  for (let i = 0; i < count; i++) {
    const own = { plain: portOf(i), controller: portOf(count + i), voters }
    writeFileSync(file(i), propertiesFor(i + 1, join(directory, `data-${i}`), own, count))
    const log = openSync(logFile(i), 'a')
    const [code] = await once(
      java('kafka.tools.StorageTool', ['format', '-t', 'cm9sbGNhbGwtY2x1c3Rlcg', '-c', file(i)], log),
      'exit',
    )
    if (code !== 0) throw new Error(`Kafka storage could not be formatted: ${readFileSync(logFile(i), 'utf8')}`)
  }
  const start = (broker: number): void => {
    if (runs(children[broker])) return
    children[broker] = java('kafka.Kafka', [file(broker)], openSync(logFile(broker), 'a'))
  }
  const end = async (broker: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const child = children[broker]
    if (!runs(child)) return
    child.kill(signal)
    await once(child, 'exit')
  }
  const isWhole = async (): Promise<boolean> => {
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin()
    try {
      await admin.connect()
      if ((await admin.describeCluster()).brokers.length < count) return false
      const { topics } = await admin.fetchTopicMetadata()
      return topics.every(({ partitions }) => partitions.every(({ isr, replicas }) => isr.length === replicas.length))
    } catch {
      return false
    } finally {
      await admin.disconnect().catch(() => undefined)
    }
  }
  for (let i = 0; i < count; i++) start(i)
  while (!(await isWhole())) {
    const ended = children.findIndex((child) => !runs(child))
    if (ended !== -1)
      throw new Error(`broker ${ended} has ended:\n${readFileSync(logFile(ended), 'utf8').slice(-3000)}`)
    await sleep(200)
  }
  return {
    brokers,
    pid: (broker) => (runs(children[broker]) ? (children[broker].pid ?? 0) : 0),
    kill: (broker) => end(broker, 'SIGKILL'),
    stop: (broker) => end(broker, 'SIGTERM'),
    start,
    isWhole,
    close: async () => {
      process.off('exit', killAll)
      await Promise.all(children.map((_, broker) => end(broker, 'SIGKILL')))
      await rm(directory, { recursive: true, force: true })
    },
  }
}
