import { existsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import type { Config } from '../config/config.ts'

/** What the machine, or the container, lets this program have. */
export interface Machine {
  /** Cores that it may use. */
  readonly cores: number
  readonly memoryMiB: number
  readonly hasGpu: boolean
}

/**
 * What a vision process with a few cameras takes of its own, and what all else does with the code that processes share:
 * 156 and 217 MiB in `npm run chaos` (anonymous memory in /proc/PID/smaps_rollup), and room for larger pictures.
 */
const visionMiB = 220
const restMiB = 220

/** This machine; in a container its limits. */
export const thisMachine = (): Machine => {
  // 0, or more than there is, where nothing limits it.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return {
    cores: availableParallelism(),
    memoryMiB: Math.min(limit, totalmem()) / 2 ** 20,
    hasGpu: existsSync('/dev/nvidia0'),
  }
}

/**
 * How many vision processes the cameras share: on CPUs one for each core, as far as there is memory for their models; on a
 * GPU one, which takes all cameras in one batch. `short` says what there is too little of; null when there is enough.
 */
export const countProcesses = (
  { vision, models }: Pick<Config, 'vision' | 'models'>,
  { cores, memoryMiB, hasGpu }: Machine,
): { readonly processes: number; readonly short: string | null } => {
  const mayUseGpu = models.providers === 'auto' || models.providers.some((provider) => provider !== 'cpu')
  const wanted = vision.processes !== 'auto' ? vision.processes : mayUseGpu && hasGpu ? 1 : cores
  const fitting = Math.max(1, Math.floor((memoryMiB - restMiB) / visionMiB))
  const processes = vision.processes === 'auto' ? Math.min(wanted, fitting) : wanted
  const needed = restMiB + processes * visionMiB
  const has = `${Math.round(memoryMiB)} MiB of memory`
  if (memoryMiB < needed)
    return {
      processes,
      short: `${has} may be too little: ${processes} vision processes and the rest take about ${needed} MiB`,
    }
  if (processes < wanted)
    return {
      processes,
      short: `${has} are enough for ${processes} of ${wanted} vision processes, about ${visionMiB} MiB each`,
    }
  return { processes, short: null }
}
