import { cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { createMetrics } from '../../src/metrics.ts'
import { SEALING_KEY_BYTES } from '../../src/seam/envelope.ts'
import { type SeamTarget, seamOptions } from '../../src/seam/options.ts'
import { embedderMark } from '../../src/seam/record.ts'
import { openSender } from '../../src/seam/sender.ts'
import { seamPlace } from '../../src/seam/topic.ts'
import { silent } from '../../test/site/site.ts'
import { freePorts } from '../../test/support/kafka/broker.ts'
import { cpuMsOf } from '../cpu-time.ts'
import { startIdentity } from './identity-process.ts'
import { cameraName, createTraffic } from './traffic.ts'

/** Analysed frames of a camera in a second. */
export const framesPerSecond = 5
const warmUpSeconds = 4

/** What all sites of a run share. */
export interface SiteWorld {
  readonly brokers: readonly string[]
  /** Of this run alone. */
  readonly directory: string
  /** A state directory with `looks` in it, which each site gets a copy of. */
  readonly state: string
  readonly looks: readonly Float32Array[]
  readonly sha256: string
}

/** Settings of the seam for topics with this prefix. */
export const seamOn = (brokers: readonly string[], topicPrefix: string, isSealed: boolean): SeamTarget => {
  const sealingKey = isSealed ? Buffer.alloc(SEALING_KEY_BYTES, 7).toString('base64') : null
  return seamOptions.parse({ kafka: { brokers, topicPrefix, sealingKey } }).kafka as SeamTarget
}

/** A site whose vision processes are this process, and whose identity process is the real one. */
export const openSite = async (world: SiteWorld, cameras: number) => {
  const name = `bench-${cameras}-${Date.now()}`
  const directory = join(world.directory, name)
  mkdirSync(directory)
  cpSync(world.state, join(directory, 'active'), { recursive: true })
  const seam = seamOn(world.brokers, `${name}.`, true)
  const all = Array.from({ length: cameras }, (_, i) => [cameraName(i), 'rtsp://127.0.0.1:1/none'] as const)
  const [port = 0] = await freePorts(1)
  const configFor = (role: 'active' | 'standby'): string => {
    const file = join(directory, `${role}.json`)
    const config = {
      site: 'bench',
      seam: { kafka: seam, stateTopic: true },
      cameras: Object.fromEntries(all),
      http: { port: role === 'standby' ? port : null },
      state: { directory: join(directory, role) },
      log: { level: 'warn' },
    }
    writeFileSync(file, JSON.stringify(config))
    return file
  }
  const metrics = createMetrics(new Registry())
  const parts = { owner: 'bench', embedder: embedderMark(world.sha256), metrics, log: silent }
  const sender = openSender(seamPlace('bench', seam, silent), parts)
  const next = createTraffic(world.looks, cameras)
  let sent = 0
  const send = (): void => {
    const faces = next(sent++ % cameras, Date.now())
    sender.push({ camera: faces.camera, epoch: 1, what: { type: 'faces', faces } }, () => {})
  }
  let process = startIdentity(configFor('active'))

  const pace = async (seconds: number): Promise<void> => {
    const [fromMs, first] = [performance.now(), sent]
    for (let elapsedMs = 0; elapsedMs < seconds * 1000; elapsedMs = performance.now() - fromMs) {
      const due = (elapsedMs / 1000) * cameras * framesPerSecond
      while (sent - first < due) send()
      await sleep(4)
    }
    await process.until(sent)
  }
  return {
    /** Resolves when the first event comes. */
    ready: async (): Promise<void> => {
      send()
      await process.until(1)
    },
    /** Plays traffic in real time; afterwards all its events have arrived. */
    measure: async (seconds: number) => {
      await pace(warmUpSeconds)
      process.takeAges()
      const [cpuMs, faces] = [cpuMsOf(process.pid), process.frames()]
      await pace(seconds)
      const ages = [...process.takeAges()].sort((a, b) => a - b)
      return {
        faces: process.frames() - faces,
        cpuMs: cpuMsOf(process.pid) - cpuMs,
        p50Ms: ages[Math.floor((ages.length - 1) * 0.5)] as number,
        p99Ms: ages[Math.floor((ages.length - 1) * 0.99)] as number,
        pid: process.pid,
      }
    },
    /** Has another process stand by on an empty disk, and kills the one that has the site. Resolves to the seconds without events. */
    takeOver: async (): Promise<number> => {
      const standby = startIdentity(configFor('standby'))
      await isFollowing(port, join(directory, 'standby'), join(directory, 'active'))
      const fromMs = performance.now()
      await process.end('SIGKILL')
      process = standby
      send()
      await process.until(1)
      return (performance.now() - fromMs) / 1000
    },
    close: async (): Promise<void> => {
      await sender.close(0)
      await process.end('SIGKILL')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Bytes of the people of a state directory. */
const bytesIn = (directory: string): number =>
  ['people.db', 'people.db-wal'].reduce(
    (sum, file) => sum + (statSync(join(directory, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )

/** Resolves when the process on this port stands by, has about as much as the other, and lacks nothing that is in the topic. */
const isFollowing = async (port: number, own: string, other: string): Promise<void> => {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => null)
    const text = (await answer?.text()) ?? ''
    const isStandby = /^rollcall_identity_role\{role="standby".* 1$/m.test(text)
    if (isStandby && /^rollcall_state_lag_records.* 0$/m.test(text) && bytesIn(own) > bytesIn(other) / 2) return
    await sleep(100)
  }
}
