import type { Metrics, MetricsJson } from '../../metrics.ts'
import type { CameraFigures } from '../../server/camera-answers.ts'
import type { SinkState, SystemProcess, SystemSample } from '../../server/system-answers.ts'
import type { SystemService } from '../../server/system-routes.ts'
import { version } from '../../version.ts'
import type { Status } from '../status.ts'
import type { WorkersState } from '../worker-messages.ts'
import { createHistory, STEP_MS } from './history.ts'
import type { RecentLog } from './recent-log.ts'

/** What the service measures. */
export interface SystemParts {
  readonly state: Pick<WorkersState, 'running' | 'metrics'>
  readonly status: () => Status
  readonly figures: () => readonly CameraFigures[]
  readonly sinks: () => readonly SinkState[]
  readonly metrics: Pick<Metrics, 'webSocketClients' | 'spool'>
  readonly log: Pick<RecentLog, 'all'>
  /** Where Grafana is; null when nobody has said. */
  readonly grafana: string | null
  /** Whether events wait for Kafka in a spool on disk. */
  readonly hasSpool: boolean
  readonly nowMs: () => number
}

/** How the site does, now and lately. Owned by the site, which disposes of it. */
export interface System extends SystemService, Disposable {}

/** Starts to take samples, every five seconds. */
export const startSystem = (parts: SystemParts): System => {
  const startedAtMs = parts.nowMs()
  const history = createHistory()
  let dropsBefore = 0
  const measure = async (): Promise<SystemSample> => {
    const figures = parts.figures()
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
    const latencies = figures.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs.p95]))
    const drops = parts.status().drops
    const sample = {
      receivedFps: rounded(sum(figures.map(({ receivedFps }) => receivedFps))),
      analysedFps: rounded(sum(figures.map(({ analysedFps }) => analysedFps))),
      latencyMs: latencies.length === 0 ? null : Math.max(...latencies),
      drops: Math.max(0, drops - dropsBefore),
      memoryBytes: sum(processesOf(parts).map(({ memoryBytes }) => memoryBytes)),
      waitingEvents: sum(parts.sinks().map(({ waiting }) => waiting)),
      spoolBytes: (await sumOf(parts.metrics.spool.bytes)) ?? 0,
      clients: (await sumOf(parts.metrics.webSocketClients)) ?? 0,
    }
    dropsBefore = drops
    return sample
  }
  const timer = setInterval(async () => history.add(await measure(), parts.nowMs()), STEP_MS).unref()
  return {
    now: async () => {
      const { people, cameras } = parts.status()
      return {
        version: version(),
        node: process.version,
        startedAtMs,
        nowMs: parts.nowMs(),
        cameras: { all: cameras.length, online: cameras.filter(({ state }) => state === 'online').length },
        people,
        clients: (await sumOf(parts.metrics.webSocketClients)) ?? 0,
        processes: processesOf(parts),
        sinks: parts.sinks(),
        spool: parts.hasSpool ? await spoolOf(parts.metrics) : null,
        grafana: parts.grafana,
      }
    },
    history: () => history.read(),
    log: () => ({ entries: parts.log.all() }),
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10

const processesOf = ({ state }: Pick<SystemParts, 'state'>): readonly SystemProcess[] => {
  const { user, system } = process.cpuUsage()
  const cpuS = rounded((user + system) / 1e6)
  const main = { name: 'main', pid: process.pid, memoryBytes: process.memoryUsage.rss(), cpuS }
  const workers = [...state.running].map(([name, pid]) => {
    const metrics = state.metrics.get(name) ?? []
    return {
      name,
      pid,
      memoryBytes: firstOf(metrics, 'process_resident_memory_bytes'),
      cpuS: rounded(firstOf(metrics, 'process_cpu_seconds_total')),
    }
  })
  return [main, ...workers]
}

const firstOf = (metrics: MetricsJson, name: string): number =>
  metrics.find((metric) => metric.name === name)?.values?.[0]?.value ?? 0

/** The sum of a gauge's series. */
const sumOf = async (gauge: {
  get(): Promise<{ readonly values: readonly { readonly value: number }[] }>
}): Promise<number | null> => {
  const { values } = await gauge.get()
  return values.length === 0 ? null : values.reduce((sum, { value }) => sum + value, 0)
}

const spoolOf = async ({ spool }: Pick<Metrics, 'spool'>) => ({
  events: (await sumOf(spool.events)) ?? 0,
  bytes: (await sumOf(spool.bytes)) ?? 0,
})
