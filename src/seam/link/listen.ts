import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { type WebSocket, WebSocketServer } from 'ws'
import { RollcallError } from '../../errors.ts'
import type { Metrics } from '../../metrics.ts'
import type { CameraId, Log } from '../../types.ts'
import type { LinkOptions } from '../options.ts'
import { answerTo, type Meeting, MeetingError, opening, REFUSED, REPLACED, type Session, sealing } from './meeting.ts'
import { decodeToVision, type LinkedFromVision, type LinkedToVision, mostMessageBytes } from './messages.ts'
import { watchPulse } from './pulse.ts'
import { createShown, type Shown } from './shown.ts'
import { createWaitingCrops } from './waiting-crops.ts'

type Watch = Extract<LinkedToVision, { readonly type: 'watch' }>
type Asked = Extract<LinkedToVision, { readonly type: 'capture' | 'test' }>
type Answer = Extract<LinkedFromVision, { readonly type: 'captured' | 'tested' }>

/** Where identity gets the pictures of a vision process. Owned by who opened it, who closes it. */
export interface LinkServer {
  /** What identity is told: `ws://HOST:PORT`. */
  readonly address: string
  /** What somebody watches now. */
  readonly watched: () => Watch
  /** Sends what identity has asked for, as far as there is room. Best shots wait until it has them. */
  send(message: LinkedFromVision): void
  /** What these cameras were asked for does not come any more: their process has died. */
  lost(cameras: readonly CameraId[]): void
  close(): Promise<void>
}

/** What a link server works with. */
export interface LinkServerParts extends Meeting {
  readonly options: LinkOptions & { readonly listen: string }
  /** Something else is watched now. */
  readonly onWatch: (watch: Watch) => void
  /** The answer is a `captured` or `tested` of the same `id`. */
  readonly onAsk: (asked: Asked) => void
  readonly metrics: Pick<Metrics, 'link'>
  readonly log: Log
}

/** Connections at once: one of identity, one that takes its place, and who knocks in vain. */
const MOST_CONNECTIONS = 8
const PROVE_WITHIN_MS = 5000
/** What is dropped or waits is looked at so often when nothing else moves. */
const PUMP_EVERY_MS = 250

const nobody: Watch = { type: 'watch', cameras: [], video: [] }

/**
 * Listens for the identity process of the site. Whoever proves the key is it, and takes the place of the one before. Rejects with
 * HTTP_LISTEN when it cannot listen.
 */
export const openLinkServer = async (parts: LinkServerParts): Promise<LinkServer> => {
  const { options, metrics, log, onWatch } = parts
  const crops = createWaitingCrops(() => metrics.link.drops.inc({ what: 'crop' }))
  const asked = createAsked(parts)
  let watch = nobody
  let current: { readonly socket: WebSocket; readonly shown: Shown } | null = null

  const countCrops = (): void => metrics.link.waitingCrops.set(crops.count)
  const watchNow = (next: Watch): void => {
    watch = next
    onWatch(next)
  }
  const begin = (socket: WebSocket, session: Session): ((data: Buffer) => void) => {
    current?.socket.close(REPLACED)
    end()
    const seal = sealing(session.seal.vision)
    const open = opening(session.seal.identity)
    const shown = createShown((message) => socket.send(seal(message)), crops, metrics)
    current = { socket, shown }
    log.info({ site: parts.site }, 'identity takes pictures from here')
    shown.pump()
    return (data) => {
      const message = decodeToVision(open(data))
      if (current?.socket !== socket) return
      if (message.type === 'took') shown.took(message.count)
      if (message.type === 'capture' || message.type === 'test') asked.ask(message)
      if (message.type === 'watch') {
        shown.watch(message)
        watchNow(message)
      }
      countCrops()
    }
  }
  /** What was under way is not there, and nobody watches. */
  const end = (): void => {
    if (current === null) return
    current = null
    crops.lost()
    asked.forget()
    watchNow(nobody)
  }
  const server = await listen(options)
  const sockets = new WebSocketServer({ server, maxPayload: mostMessageBytes.toVision, perMessageDeflate: false })
  sockets.on('connection', (socket) => {
    socket.on('close', () => {
      if (current?.socket === socket) end()
    })
    meet(socket, parts, (session) => begin(socket, session))
  })
  const timer = setInterval(() => current?.shown.pump(), PUMP_EVERY_MS)
  return {
    address: addressOf(options, (server.address() as AddressInfo).port),
    watched: () => watch,
    send: (message) => {
      if (message.type === 'crop') crops.add(message.crop)
      const said = message.type === 'captured' || message.type === 'tested' ? asked.answer(message) : message
      if (said !== null) current?.shown.send(said)
      countCrops()
    },
    lost: (cameras) => {
      for (const answer of asked.lost(cameras)) current?.shown.send(answer)
    },
    close: async () => {
      clearInterval(timer)
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Lets the other side prove the key before anything else, and then hears what it says. */
const meet = (
  socket: WebSocket,
  { metrics, log, ...meeting }: LinkServerParts,
  begin: (session: Session) => (data: Buffer) => void,
): void => {
  type Step = (data: Buffer) => Step
  const obeying = (take: (data: Buffer) => void): Step => {
    const step: Step = (data) => {
      take(data)
      return step
    }
    return step
  }
  let step: Step = (data) => {
    const { answer, accept } = answerTo(meeting, data.toString())
    socket.send(answer)
    return (confirmed) => {
      const session = accept(confirmed.toString())
      clearTimeout(late)
      return obeying(begin(session))
    }
  }
  const refuse = (reason: string): void => {
    metrics.link.refused.inc()
    log.warn({ reason }, 'a connection for pictures was refused')
    socket.close(REFUSED)
    step = () => step
  }
  const late = setTimeout(() => refuse('it proved nothing in time'), PROVE_WITHIN_MS)
  watchPulse(socket)
  socket.on('close', () => clearTimeout(late))
  // `close` follows.
  socket.on('error', () => {})
  socket.on('message', (data: Buffer) => {
    try {
      step = step(data)
    } catch (error) {
      clearTimeout(late)
      refuse(error instanceof MeetingError ? error.message : 'it said what nobody understands')
    }
  })
}

/** Captures and tests that are asked for, under numbers of this process: those of two identity processes may be the same. */
const createAsked = ({ onAsk }: Pick<LinkServerParts, 'onAsk'>) => {
  const waiting = new Map<number, Asked>()
  let last = 0
  const answer = (message: Answer): Answer | null => {
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    return asked ? { ...message, id: asked.id } : null
  }
  return {
    ask: (message: Asked): void => {
      waiting.set(++last, message)
      onAsk({ ...message, id: last })
    },
    answer,
    lost: (cameras: readonly CameraId[]): readonly Answer[] =>
      [...waiting].flatMap(([id, { type, camera }]) => {
        if (type !== 'capture' || !cameras.includes(camera)) return []
        const message = `camera ${camera}: its vision process has died, and what it kept is gone with it`
        const capture = { code: 'STATE' as const, message, remedy: 'Try again in a few seconds.' }
        return answer({ type: 'captured', id, capture }) ?? []
      }),
    forget: (): void => waiting.clear(),
  }
}

const hostAndPort = (listen: string): { readonly host: string; readonly port: number } => {
  const at = listen.lastIndexOf(':')
  return { host: listen.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(listen.slice(at + 1)) }
}

const listen = async ({ listen: where }: LinkServerParts['options']) => {
  const server = createServer((_, response) => response.writeHead(426).end())
  server.maxConnections = MOST_CONNECTIONS
  server.headersTimeout = PROVE_WITHIN_MS
  try {
    server.listen(hostAndPort(where))
    await once(server, 'listening')
    return server
  } catch (cause) {
    throw new RollcallError('HTTP_LISTEN', `seam.link.listen: ${where}: ${(cause as Error).message}`, {
      cause,
      remedy: 'Choose an address of this machine and a port that nobody uses.',
    })
  }
}

const addressOf = ({ listen: where, address }: LinkServerParts['options'], port: number): string => {
  if (address !== null) return address
  const { host } = hostAndPort(where)
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? hostname() : host
  return `ws://${name.includes(':') ? `[${name}]` : name}:${port}`
}
