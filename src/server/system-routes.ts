import type { FastifyInstance } from 'fastify'
import { answers, errors, object } from './api-schemas.ts'
import type { SystemHistory, SystemLog, SystemNow } from './system-answers.ts'

/** How the site does. */
export interface SystemService {
  now(): Promise<SystemNow>
  history(): SystemHistory
  log(): SystemLog
}

const text = { type: 'string' }
const maybeText = { type: ['string', 'null'] }
const whole = { type: 'integer', minimum: 0 }
const amount = { type: 'number', minimum: 0 }
const list = (items: object) => ({ type: 'array', items })
const unixMs = { type: 'number', description: 'Unix milliseconds' }

const now = object({
  version: text,
  node: text,
  startedAtMs: unixMs,
  nowMs: unixMs,
  cameras: object({ all: whole, online: whole }),
  people: whole,
  clients: { ...whole, description: 'WebSocket clients' },
  processes: list(object({ name: text, pid: whole, memoryBytes: amount, cpuS: amount })),
  sinks: list(object({ name: text, waiting: whole, failure: maybeText })),
  spool: { ...object({ events: amount, bytes: amount }), type: ['object', 'null'] },
  grafana: maybeText,
})

const history = object({
  stepMs: whole,
  untilMs: unixMs,
  series: object({
    receivedFps: list(amount),
    analysedFps: list(amount),
    latencyMs: list({ type: ['number', 'null'] }),
    drops: list(amount),
    memoryBytes: list(amount),
    waitingEvents: list(amount),
    spoolBytes: list(amount),
    clients: list(amount),
  }),
})

const entry = object({
  atMs: unixMs,
  level: { enum: ['warn', 'error'] },
  process: text,
  camera: maybeText,
  text: { ...text, description: 'One sentence, without secrets' },
})

/** Adds the routes that show how the site does. */
export const systemRoutes = (app: FastifyInstance, system: SystemService): void => {
  const read = (summary: string, answer: object) => ({
    config: { scope: 'read' as const },
    schema: { summary, response: { ...answers(answer), ...errors(401, 403, 429) } },
  })
  app.get('/api/system', read('Version, processes, memory, sinks and clients', now), () => system.now())
  app.get('/api/system/history', read('The last 15 minutes, in steps of 5 s; kept in memory', history), () =>
    system.history(),
  )
  app.get(
    '/api/system/log',
    read('The last 100 warnings and errors, newest first', object({ entries: list(entry) })),
    () => system.log(),
  )
}
