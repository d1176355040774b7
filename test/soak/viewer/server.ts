/** The real program for `npm run soak:viewer`, in a process of its own that says what it holds. */
import { writeHeapSnapshot } from 'node:v8'
import { configSchema } from '../../../src/config/config.ts'
import type { LeveledLog } from '../../../src/config/log.ts'
import { startRun } from '../../../src/site/run.ts'

/** To this process. */
export type ToServer =
  | {
      readonly type: 'start'
      readonly config: object
      readonly stateDirectory: string
      readonly viewerDirectory: string
      /** Whether vision sees a crowd in the place of whom cameras show. */
      readonly isCrowded: boolean
    }
  | { readonly type: 'held' }
  /** Write what lives in the heap to this file. */
  | { readonly type: 'writeHeap'; readonly file: string }
/**
 * From it: where it listens; what it holds after a collection of garbage, MiB, the process IDs of vision, and how many events
 * there have been; that the file is written.
 */
export type FromServer =
  | { readonly type: 'listening'; readonly url: string }
  | {
      readonly type: 'held'
      readonly heapMiB: number
      readonly buffersMiB: number
      readonly cpuMs: number
      readonly vision: readonly number[]
      readonly events: number
    }
  | { readonly type: 'written' }

const quiet = (): void => undefined
const log: LeveledLog = { level: 'error', debug: quiet, info: quiet, warn: quiet, error: quiet }
const mib = 2 ** 20
let vision: () => readonly number[] = () => []
let events = 0

process.on('message', async (message: ToServer) => {
  if (message.type === 'start') {
    const { config, stateDirectory, viewerDirectory, isCrowded } = message
    const run = await startRun(configSchema.parse(config), {
      untilEnd: false,
      log,
      stateDirectory,
      viewerDirectory,
      ...(isCrowded && { visionEntry: new URL('./crowd-worker.ts', import.meta.url) }),
      onIdentified: (identified) => {
        events += identified.events.filter(({ type }) => type !== 'rollcall.frame.v1').length
      },
    })
    vision = () => [...run.vision.values()]
    process.send?.({ type: 'listening', url: run.url ?? '' } satisfies FromServer)
    return
  }
  if (message.type === 'writeHeap') {
    writeHeapSnapshot(message.file)
    process.send?.({ type: 'written' } satisfies FromServer)
    return
  }
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  process.send?.({
    type: 'held',
    heapMiB: heapUsed / mib,
    buffersMiB: arrayBuffers / mib,
    cpuMs: (user + system) / 1000,
    vision: vision(),
    events,
  } satisfies FromServer)
})
process.on('disconnect', () => process.exit())
