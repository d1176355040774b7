import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Registry } from 'prom-client'
import { onTestFinished } from 'vitest'
import { isAboutPeople, type RollcallEvent } from '../../src/events/types.ts'
import { createMetrics } from '../../src/metrics.ts'
import { type SeamTarget, seamOptions } from '../../src/seam/options.ts'
import { embedderMark } from '../../src/seam/record.ts'
import { openSender } from '../../src/seam/sender.ts'
import { seamPlace } from '../../src/seam/topic.ts'
import type { CameraChange, Faces } from '../../src/types.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { silent } from '../site/site.ts'
import { story } from '../site/story.ts'

export const site = 'roles'

export const seamOn = (broker: string, more: object = {}): SeamTarget =>
  seamOptions.parse({ kafka: { brokers: [broker], topicPrefix: `t${process.pid}-${performance.now()}.`, ...more } })
    .kafka as SeamTarget

/** Seven people who come and go on two cameras, as if it were now. */
export const facesOfStory = (): readonly Faces[] => {
  const all = story().flatMap((step) => ('faces' in step ? step.faces : []))
  const later = Date.now() - (all.at(-1)?.capturedAtMs ?? 0)
  return all.map((faces) => ({ ...faces, capturedAtMs: faces.capturedAtMs + later }))
}

/** Sends as a vision process does. */
export const sending = async (seam: SeamTarget, owner: string, epoch: number, otherModel?: string) => {
  const sha256 = otherModel ?? (await chosenEmbedder(modelOptions.parse({}))).sha256
  const metrics = createMetrics(new Registry())
  const sender = openSender(seamPlace(site, seam, silent), {
    owner,
    embedder: embedderMark(sha256),
    metrics,
    log: silent,
  })
  onTestFinished(() => sender.close(0))
  return {
    /** Resolves when Kafka has it. */
    say: (change: CameraChange) =>
      new Promise<void>((done) =>
        sender.push({ camera: change.camera, epoch, what: { type: 'change', change } }, done),
      ),
    /** Resolves when Kafka has all of them. */
    send: (all: readonly Faces[]): Promise<unknown> =>
      Promise.all(
        all.map(
          (faces) =>
            new Promise<void>((done) =>
              sender.push({ camera: faces.camera, epoch, what: { type: 'faces', faces } }, done),
            ),
        ),
      ),
  }
}

/** `rollcall identity` as a program, with its people and its events in a folder of its own. */
export const identityRole = (seam: SeamTarget, more: { readonly seam?: object; readonly sinks?: object } = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-roles-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const [config, events] = [join(root, 'rollcall.yaml'), join(root, 'events.jsonl')]
  const url = 'rtsp://127.0.0.1:1/none'
  const settings = {
    site,
    seam: { kafka: seam, ...more.seam },
    cameras: { door: url, hall: url },
    http: { port: null },
  }
  writeFileSync(
    config,
    JSON.stringify({
      ...settings,
      sinks: { events, ...more.sinks },
      state: { directory: join(root, 'state') },
      log: { level: more.seam ? 'info' : 'warn' },
    }),
  )
  let child: ChildProcess | null = null
  let said = ''
  const ended = async (signal: NodeJS.Signals): Promise<number | null> => {
    const running = child
    child = null
    if (running === null || running.exitCode !== null) return running?.exitCode ?? null
    running.kill(signal)
    const [code] = await once(running, 'exit')
    return code as number | null
  }
  onTestFinished(() => ended('SIGKILL').then(() => undefined))
  return {
    start: (): void => {
      const main = resolve(import.meta.dirname, '../../src/main.ts')
      child = spawn(process.execPath, [main, 'identity', '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] })
      child.stderr?.on('data', (data) => {
        said += String(data)
      })
    },
    signal: (signal: NodeJS.Signals): void => void child?.kill(signal),
    /** The exit code, once it has ended by itself. */
    over: async (): Promise<number | null> => {
      const running = child
      child = null
      if (running?.exitCode === null) await once(running, 'exit')
      return running?.exitCode ?? null
    },
    kill: () => ended('SIGKILL'),
    stop: () => ended('SIGTERM'),
    said: () => said,
    /** Each event once, by its ID, as it was written; a line that a kill has cut off is none. */
    events: (): ReadonlyMap<string, string> => {
      const lines = existsSync(events) ? readFileSync(events, 'utf8').split('\n').slice(0, -1) : []
      return new Map(
        lines.filter((line) => line.endsWith('}')).map((line) => [(JSON.parse(line) as RollcallEvent).id, line]),
      )
    },
  }
}

/** What was said of people, tracks and sightings, in an order of its own. */
export const aboutPeople = (events: ReadonlyMap<string, string>): readonly string[] =>
  [...events.values()].filter((line) => isAboutPeople(JSON.parse(line) as RollcallEvent)).sort()

export const countOf = (type: RollcallEvent['type'], events: ReadonlyMap<string, string>): number =>
  [...events.values()].filter((line) => (JSON.parse(line) as RollcallEvent).type === type).length

export const framesIn = (events: ReadonlyMap<string, string>): number => countOf('rollcall.frame.v1', events)
