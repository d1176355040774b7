/** The real program for `npm run soak:viewer`, in a process of its own that says what it holds. */
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
    }
  | { readonly type: 'held' }
/** From it: where it listens; what it holds after a collection of garbage, MiB, and the process IDs of vision. */
export type FromServer =
  | { readonly type: 'listening'; readonly url: string }
  | {
      readonly type: 'held'
      readonly heapMiB: number
      readonly buffersMiB: number
      readonly cpuMs: number
      readonly vision: readonly number[]
    }

const quiet = (): void => undefined
const log: LeveledLog = { level: 'error', debug: quiet, info: quiet, warn: quiet, error: quiet }
const mib = 2 ** 20
let vision: () => readonly number[] = () => []

process.on('message', async (message: ToServer) => {
  if (message.type === 'start') {
    const { config, stateDirectory, viewerDirectory } = message
    const run = await startRun(configSchema.parse(config), { untilEnd: false, log, stateDirectory, viewerDirectory })
    vision = () => [...run.vision.values()]
    process.send?.({ type: 'listening', url: run.url ?? '' } satisfies FromServer)
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
  } satisfies FromServer)
})
process.on('disconnect', () => process.exit())
