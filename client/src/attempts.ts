import {
  type ClientMessage,
  type Position,
  protocol,
  type Resumed,
  type SnapshotMessage,
  type Subscription,
} from './protocol.ts'
import { retryDelayMs } from './retry-delay.ts'
import { type OpenSocket, serveSocket } from './socket.ts'
import { type Admission, askForTicket, type Refusal } from './ticket.ts'

/** How a client connects, and what it asks for first. */
export interface ClientOptions {
  /** Where Rollcall is, such as `https://rollcall.example`. In a page, the page's own origin when left out. */
  readonly url?: string | URL
  /**
   * The token, or a function that says it before each connection. A page of Rollcall's own origin needs none where the user
   * has signed in.
   */
  readonly token?: string | (() => string | undefined) | undefined
  /** Which events to get; all when left out. */
  readonly subscribe?: Subscription
  /** Go on after this place, that of an earlier client: `client.position`. */
  readonly after?: Position
  /** Asks for a ticket; `POST /api/ws-ticket` when left out. A rejection counts as `failed`. */
  readonly admission?: () => Promise<Admission>
  /** 0–1, for the wait before the next attempt; `Math.random` when left out. */
  readonly random?: () => number
}

/** Where a client stands. */
export type Status =
  | { readonly state: 'connecting' }
  /** `message` says whether the state was sent anew or the events since go on. */
  | { readonly state: 'connected'; readonly message: SnapshotMessage | Resumed }
  /** The connection is lost, or an attempt failed; the next one starts `retryInMs` from now. */
  | { readonly state: 'waiting'; readonly retryInMs: number; readonly why: string }
  /** The server wants a token, or another one. Nothing is tried before `retryNow`. */
  | { readonly state: 'refused'; readonly why: Refusal }
  | { readonly state: 'closed' }

/** What is done with what comes over the connections. */
export interface AttemptParts
  extends Pick<Parameters<typeof serveSocket>[1], 'greet' | 'onMessage' | 'onEvent' | 'onPicture' | 'onUnit'> {
  readonly onStatus: (status: Status) => void
}

/** One connection after the other, each with a ticket of its own, and longer waits while none succeeds. */
export const createAttempts = (
  base: URL,
  { token, random = Math.random, ...options }: ClientOptions,
  parts: AttemptParts,
) => {
  const url = new URL('ws', base)
  url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:'
  const admission = options.admission ?? (() => askForTicket(base, typeof token === 'function' ? token() : token))
  let status: Status = { state: 'connecting' }
  let socket: OpenSocket | undefined
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const become = (next: Status): void => {
    status = next
    parts.onStatus(next)
  }
  const retryLater = (why: string): void => {
    socket = undefined
    const retryInMs = retryDelayMs(attempt, random())
    attempt += 1
    timer = setTimeout(() => void open(), retryInMs)
    become({ state: 'waiting', retryInMs, why })
  }
  const open = async (): Promise<void> => {
    clearTimeout(timer)
    become({ state: 'connecting' })
    const answer = await admission().catch((error: unknown): Admission => ({ failed: String(error) }))
    if (status.state !== 'connecting') return
    if ('refused' in answer) become({ state: 'refused', why: answer.refused })
    else if ('failed' in answer) retryLater(answer.failed)
    else serve(answer.subprotocol)
  }
  const serve = (ticket: string): void => {
    const onMessage: AttemptParts['onMessage'] = (message) => {
      parts.onMessage(message)
      if (message.type === 'hello') attempt = 0
      const isFirst = message.type === 'resumed' || message.type === 'snapshot'
      if (isFirst && status.state === 'connecting') become({ state: 'connected', message })
    }
    socket = serveSocket(new WebSocket(url, [protocol, ticket]), { ...parts, onMessage, onOver: retryLater })
  }
  void open()
  return {
    get status() {
      return status
    },
    send: (message: ClientMessage): void => socket?.send(message),
    retryNow: (): void => {
      if (status.state === 'waiting' || status.state === 'refused') void open()
    },
    close: (): void => {
      if (status.state === 'closed') return
      clearTimeout(timer)
      socket?.close()
      socket = undefined
      become({ state: 'closed' })
    },
  }
}
