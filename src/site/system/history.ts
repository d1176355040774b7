/** What is measured of the site at one moment. */
export interface SystemSample {
  /** Pictures that arrive and are analysed in a second, of all cameras. */
  readonly receivedFps: number
  readonly analysedFps: number
  /** The highest p95 of a camera from capture to event, milliseconds; null when there is none. */
  readonly latencyMs: number | null
  /** Frames and events that were dropped since the sample before. */
  readonly drops: number
  /** Of all processes. */
  readonly memoryBytes: number
  /** Events that wait for sinks, in memory. */
  readonly waitingEvents: number
  readonly spoolBytes: number
  readonly clients: number
}

/** The samples as columns, oldest first: the last is of `untilMs`, each of the others `stepMs` before the next. */
export interface SystemHistory {
  readonly stepMs: number
  readonly untilMs: number
  readonly series: { readonly [Name in keyof SystemSample]: readonly SystemSample[Name][] }
}

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
