import type { RtspCamera } from './rtsp-camera.ts'
import { headerValue, type RtspMessage } from './rtsp-reader.ts'

/** Cameras that announce nothing may let a silent client go after five seconds. */
const longestMs = 4000
const shortestMs = 400

/** The session and the time-out, milliseconds, of a `Session` header (RFC 2326 12.37); null where it names none, or 0. */
export const readSession = (header: string): { readonly id: string; readonly timeoutMs: number | null } => {
  const [id = '', ...parameters] = header.split(';').map((part) => part.trim())
  const seconds = parameters.map((each) => /^timeout\s*=\s*(\d+)/i.exec(each)?.[1]).find(Boolean)
  return { id, timeoutMs: Number(seconds) > 0 ? Number(seconds) * 1000 : null }
}

/** How often a session needs a sign of life: twice in its time-out, and at least every four seconds. */
export const signEveryMs = (timeoutMs: number): number => Math.min(longestMs, Math.max(shortestMs, timeoutMs * 0.45))

const lists = (known: string, method: string): boolean =>
  known.split(',').some((each) => each.trim().toUpperCase() === method)

/** Keeps the session of one connection alive, in GStreamer's place. */
export interface SessionLife {
  /** Notes what an answer of the camera tells. */
  note(method: string, response: RtspMessage): void
  /** Sends signs of life from now on, to the URL that PLAY had. */
  begin(uriOf: (location: string) => string): void
  /** Whether it has begun. */
  readonly isKept: boolean
  /** Idempotent. */
  stop(): void
}

/**
 * Sends GET_PARAMETER where the camera lists it, else OPTIONS, and the other one from the first refusal on. Goes on
 * without an answer, because some cameras give none.
 */
export const sessionLife = (camera: Pick<RtspCamera, 'ping' | 'tell'>): SessionLife => {
  let id: string | null = null
  let timeoutMs = 60_000
  let method = 'OPTIONS'
  let mayChange = true
  let isWaiting = false
  let timer: NodeJS.Timeout | undefined
  const send = async (uriOf: (location: string) => string): Promise<void> => {
    const message = { first: '', headers: id === null ? [] : [['Session', id] as const], body: Buffer.alloc(0) }
    if (isWaiting) return camera.tell(method, message, uriOf)
    isWaiting = true
    const status = await camera.ping(method, message, uriOf)
    isWaiting = false
    if (status < 400 || !mayChange) return
    mayChange = false
    method = method === 'OPTIONS' ? 'GET_PARAMETER' : 'OPTIONS'
    await send(uriOf)
  }
  return {
    note: (asked, { headers }) => {
      const session = headerValue(headers, 'session')
      if (session !== undefined) {
        const read = readSession(session)
        id = read.id
        timeoutMs = read.timeoutMs ?? timeoutMs
      }
      const known = headerValue(headers, 'public')
      if (asked === 'OPTIONS' && known !== undefined)
        method = lists(known, 'GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS'
    },
    begin: (uriOf) => {
      clearInterval(timer)
      timer = setInterval(() => void send(uriOf), signEveryMs(timeoutMs))
    },
    get isKept() {
      return timer !== undefined
    },
    stop: () => {
      clearInterval(timer)
    },
  }
}
