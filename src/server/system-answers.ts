/* What routes about the site answer. The viewer reads these types, so nothing here needs the server. */

/** A process as it is shown. */
export interface SystemProcess {
  readonly name: string
  readonly pid: number
  readonly memoryBytes: number
  /** Processor time used so far, seconds. */
  readonly cpuS: number
}

/** How a sink does. */
export interface SinkState {
  readonly name: string
  readonly waiting: number
  /** Null while it takes events. */
  readonly failure: string | null
}

/** The answer of `GET /api/system`: the site now. */
export interface SystemNow {
  readonly version: string
  /** Of Node. */
  readonly node: string
  readonly startedAtMs: number
  readonly nowMs: number
  readonly cameras: { readonly all: number; readonly online: number }
  readonly people: number
  /** WebSocket clients. */
  readonly clients: number
  readonly processes: readonly SystemProcess[]
  readonly sinks: readonly SinkState[]
  /** What waits for Kafka on disk; null without a spool. */
  readonly spool: { readonly events: number; readonly bytes: number } | null
  /** Where Grafana is; null when nobody has said. */
  readonly grafana: string | null
}

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

/** A warning or an error of the log, as a sentence. */
export interface LoggedWarning {
  readonly atMs: number
  readonly level: 'warn' | 'error'
  /** `main`, or the vision process that logged it. */
  readonly process: string
  /** The camera that it is about; null for none. */
  readonly camera: string | null
  readonly text: string
}

/** The answer of `GET /api/system/log`, newest first. */
export interface SystemLog {
  readonly entries: readonly LoggedWarning[]
}
