/** A child process of the WebSocket benchmark: clients which note how old each event is when it arrives. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { clockMs } from './frame-events.ts'
import type { Kind } from './websocket-server.ts'

export type ToClients =
  | { readonly type: 'open'; readonly kind: Kind; readonly port: number; readonly count: number; readonly slow: number }
  /**
   * Answered once so many events have arrived since the last reset, all clients together, or, because frames may be left
   * out, nothing has come for a while.
   */
  | { readonly type: 'await'; readonly events: number }
  /** Answers with what was seen since the last one, and forgets it. */
  | { readonly type: 'reset' }

export type FromClients =
  | { readonly type: 'opened' | 'arrived' }
  | {
      readonly type: 'seen'
      readonly events: number
      readonly p50Ms: number
      readonly p99Ms: number
      /** Oldest event that a slow client saw, and how many of them are still connected. */
      readonly slowMaxMs: number
      readonly slowEvents: number
      readonly slowOpen: number
    }

const answer = (message: FromClients): void => void process.send?.(message)

let agesMs: number[] = []
let slowAgesMs: number[] = []
let awaited = Number.POSITIVE_INFINITY
const slowSockets: WebSocket[] = []

const silenceMs = 3000
let silence: NodeJS.Timeout | undefined
const finish = (): void => {
  clearTimeout(silence)
  awaited = Number.POSITIVE_INFINITY
  answer({ type: 'arrived' })
}
const arrived = (): void => {
  if (awaited === Number.POSITIVE_INFINITY) return
  if (agesMs.length >= awaited) finish()
  else silence = silence?.refresh() ?? setTimeout(finish, silenceMs)
}

const stamp = Buffer.from('"capturedAtMs":')
const capturedAtMs = (data: Buffer): number => {
  const from = data.indexOf(stamp)
  return from < 0
    ? Number.NaN
    : Number.parseFloat(data.toString('latin1', from + stamp.length, from + stamp.length + 24))
}
const eventPrefix = '{"type":"event","seq":'.length
const seqOf = (data: Buffer): number => Number.parseInt(data.toString('latin1', eventPrefix, eventPrefix + 16), 10)

/** As docs/websocket.md asks: after 32 events, or two fifths of `maxAgeMs` after the first. */
const acknowledger = (socket: WebSocket) => {
  let count = 0
  let newest = 0
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    count = 0
    if (socket.readyState === WebSocket.OPEN) socket.send(`{"type":"ack","seq":${newest}}`)
  }
  return (seq: number): void => {
    newest = seq
    if (++count >= 32) flush()
    else timer ??= setTimeout(flush, 400)
  }
}

const connect = async (kind: Kind, port: number): Promise<WebSocket> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'rollcall.v1', { perMessageDeflate: false })
  socket.on('error', () => {})
  const welcomed = kind === 'bare' ? once(socket, 'open') : once(socket, 'message')
  await welcomed
  if (kind === 'rollcall') socket.send('{"type":"subscribe"}')
  return socket
}

const openFast = async (kind: Kind, port: number): Promise<void> => {
  const socket = await connect(kind, port)
  socket.on('close', (code) => {
    console.error(`a client that keeps up was closed with ${code}`)
    process.exit(1)
  })
  const acknowledge = kind === 'rollcall' ? acknowledger(socket) : () => {}
  socket.on('message', (data: Buffer) => {
    const atMs = capturedAtMs(data)
    if (Number.isNaN(atMs)) return
    agesMs.push(clockMs() - atMs)
    acknowledge(seqOf(data))
    arrived()
  })
}

/** Reads 150 kB/s, does not acknowledge, answers pings as its library does. */
const slowBytesPerMs = 150
const openSlow = async (kind: Kind, port: number): Promise<void> => {
  const socket = await connect(kind, port)
  slowSockets.push(socket)
  let readBytes = 0
  const startedAtMs = clockMs()
  socket.on('message', (data: Buffer) => {
    const atMs = capturedAtMs(data)
    if (!Number.isNaN(atMs)) slowAgesMs.push(clockMs() - atMs)
    readBytes += data.length
    const waitMs = readBytes / slowBytesPerMs - (clockMs() - startedAtMs)
    if (waitMs < 5 || socket.isPaused) return
    socket.pause()
    setTimeout(() => socket.resume(), waitMs)
  })
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.floor((sorted.length - 1) * q)] ?? Number.NaN

process.on('message', async (message: ToClients) => {
  if (message.type === 'open') {
    const { kind, port, count, slow } = message
    for (let i = 0; i < count; i++) await openFast(kind, port)
    for (let i = 0; i < slow; i++) await openSlow(kind, port)
    answer({ type: 'opened' })
  } else if (message.type === 'await') {
    awaited = message.events
    clearTimeout(silence)
    silence = undefined
    arrived()
  } else {
    const sorted = Float64Array.from(agesMs).sort()
    answer({
      type: 'seen',
      events: agesMs.length,
      p50Ms: quantile([...sorted], 0.5),
      p99Ms: quantile([...sorted], 0.99),
      slowMaxMs: slowAgesMs.reduce((max, age) => Math.max(max, age), 0),
      slowEvents: slowAgesMs.length,
      slowOpen: slowSockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length,
    })
    agesMs = []
    slowAgesMs = []
  }
})
