import type { SystemHistory, SystemSample } from '../../server/system-answers.ts'

/** The samples of the last quarter of an hour. */
export interface History {
  add(sample: SystemSample, atMs: number): void
  read(): SystemHistory
}

/** How often a sample is taken, milliseconds. */
export const STEP_MS = 5000
const KEPT = (15 * 60_000) / STEP_MS

const names = [
  'receivedFps',
  'analysedFps',
  'latencyMs',
  'drops',
  'memoryBytes',
  'waitingEvents',
  'spoolBytes',
  'clients',
] as const

/** Keeps samples in memory. */
export const createHistory = (): History => {
  const samples: SystemSample[] = []
  let untilMs = 0
  return {
    add: (sample, atMs) => {
      samples.push(sample)
      if (samples.length > KEPT) samples.shift()
      untilMs = atMs
    },
    read: () => {
      const column = (name: keyof SystemSample) => samples.map((sample) => sample[name])
      const series = Object.fromEntries(names.map((name) => [name, column(name)]))
      return { stepMs: STEP_MS, untilMs, series: series as unknown as SystemHistory['series'] }
    },
  }
}
