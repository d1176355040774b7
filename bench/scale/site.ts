import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
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
  cpSync(world.state, join(directory, 'state'), { recursive: true })
  const seam = seamOn(world.brokers, `${name}.`, true)
  const config = join(directory, 'rollcall.json')
  const all = Array.from({ length: cameras }, (_, i) => [cameraName(i), 'rtsp://127.0.0.1:1/none'] as const)
  writeFileSync(
    config,
    JSON.stringify({
      site: 'bench',
      seam: { kafka: seam },
      cameras: Object.fromEntries(all),
      http: { port: null },
      state: { directory: join(directory, 'state') },
      log: { level: 'warn' },
    }),
  )
  const metrics = createMetrics(new Registry())
  const parts = { owner: 'bench', embedder: embedderMark(world.sha256), metrics, log: silent }
  const sender = openSender(seamPlace('bench', seam, silent), parts)
  const next = createTraffic(world.looks, cameras)
  let sent = 0
  const send = (): void => {
    const faces = next(sent++ % cameras, Date.now())
    sender.push({ camera: faces.camera, epoch: 1, what: { type: 'faces', faces } }, () => {})
  }
  let process = startIdentity(config)
  let sentBefore = 0

  const pace = async (seconds: number): Promise<void> => {
    const [fromMs, first] = [performance.now(), sent]
    for (let elapsedMs = 0; elapsedMs < seconds * 1000; elapsedMs = performance.now() - fromMs) {
      const due = (elapsedMs / 1000) * cameras * framesPerSecond
      while (sent - first < due) send()
      await sleep(4)
    }
    await process.until(sent - sentBefore)
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
    /** Kills identity and starts it again, while faces come. Resolves to the seconds without events. */
    takeOver: async (): Promise<number> => {
      const fromMs = performance.now()
      await process.end('SIGKILL')
      sentBefore = sent
      process = startIdentity(config)
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
