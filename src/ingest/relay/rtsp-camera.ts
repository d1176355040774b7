import type { Socket } from 'node:net'
import type { CameraFailure } from '../camera-failure.ts'
import { answerChallenge, isStale, type Login, offersDigest, wrongLogin } from './login.ts'
import { closedEarly, networkFailure } from './network-failure.ts'
import { followRedirect, isRedirect } from './redirect.ts'
import { badAnswer, endedBy, Refused, sentAway } from './rtsp-failures.ts'
import { createRtspReader, formatMessage, headerValue, type RtspMessage } from './rtsp-reader.ts'
import { dial, type Place, placeOf, type RelayTarget } from './target.ts'

/** Who hears what a camera sends besides answers. */
export interface CameraListener {
  /** Whole interleaved packets. Returns false to have no more until `resume`. */
  readonly packets: (bytes: Buffer) => boolean
  /** Called for everything that comes. */
  readonly heard: () => void
  /** The camera has ended the connection, or sent what cannot be read. Called once. */
  readonly failed: (failure: CameraFailure) => void
}

/** The RTSP connection to a camera, which logs in and follows redirections. Owned by whoever called `rtspCamera`. */
export interface RtspCamera {
  /** Who hears it from now on. */
  listener: CameraListener
  /** Where it is now, after redirections. */
  readonly place: Place
  readonly address: string | undefined
  /** The request that waits for its answer. */
  readonly asked: string | null
  readonly mayLogIn: boolean
  /**
   * Asks until there is an answer that is neither a challenge nor a redirection. `uriOf` makes the URL of the request
   * from the camera's present location. Rejects with `Refused`.
   */
  exchange(method: string, message: RtspMessage, uriOf: (location: string) => string): Promise<RtspMessage>
  /** Sends a request without waiting for an answer. */
  tell(method: string, message: RtspMessage, uriOf: (location: string) => string): void
  write(bytes: Buffer): void
  resume(): void
  /** Sends what is still to be sent, and closes. */
  end(): void
  /** Closes at once. */
  destroy(): void
}

/**
 * Prepares the connection; the first request opens it. `seen.digest` is whether the camera ever asked for a digest, kept
 * over connections.
 */
export const rtspCamera = (target: RelayTarget, seen: { digest: boolean }, first: CameraListener): RtspCamera => {
  let listener = first
  const closing = new AbortController()
  let location = target.location
  let place = placeOf(location)
  let credentials = target.credentials
  let socket: Socket | null = null
  let login: Login | null = null
  let sequence = 0
  let followed = 0
  let hasSpoken = false
  let waiting: { method: string; resolve(message: RtspMessage): void; reject(error: Error): void } | null = null

  const onMessage = (message: RtspMessage, from: Socket): void => {
    const request = /^([A-Z_]+) \S+ RTSP\//.exec(message.first)?.[1]
    if (request === undefined) {
      waiting?.resolve(message)
      waiting = null
      return
    }
    const headers = message.headers.filter(([name]) => /^cseq$/i.test(name))
    from.write(formatMessage({ first: 'RTSP/1.0 200 OK', headers, body: Buffer.alloc(0) }))
    if (request === 'REDIRECT') listener.failed(sentAway(place.name, headerValue(message.headers, 'location')))
  }

  const listen = (opened: Socket): void => {
    const reader = createRtspReader()
    const isOurs = (): boolean => socket === opened && !closing.signal.aborted
    opened.on('data', (chunk: Buffer) => {
      hasSpoken = true
      listener.heard()
      for (const item of reader.push(chunk)) {
        if (!isOurs()) return
        if (item.type === 'message') onMessage(item.message, opened)
        else if (item.type === 'bad') listener.failed(badAnswer(place.name, item.problem))
        else if (!listener.packets(item.bytes)) opened.pause()
      }
    })
    opened.on('close', () => {
      if (isOurs()) listener.failed(waiting && !hasSpoken ? closedEarly(place.name) : endedBy(place.name))
    })
  }

  const open = async (): Promise<Socket> => {
    if (closing.signal.aborted) throw new Error('closed')
    socket = await dial(place, target.tlsVerify, closing.signal).catch((error) => {
      throw new Refused(networkFailure(place.name, error))
    })
    listen(socket)
    return socket
  }

  const send = (method: string, url: string, { headers, body }: RtspMessage): void => {
    // As GStreamer and others write it, over TLS too.
    const uri = url.replace(/^rtsps:/, 'rtsp:')
    const others = headers.filter(([name]) => !/^(user-agent|cseq|authorization)$/i.test(name))
    const own: [string, string][] = [
      ['CSeq', String(++sequence)],
      ['User-Agent', 'Rollcall'],
    ]
    if (login) own.push(['Authorization', login.authorization(method, uri)])
    socket?.write(formatMessage({ first: `${method} ${uri} RTSP/1.0`, headers: [...own, ...others], body }))
  }

  const redirect = (to: string | undefined): void => {
    const rules = { configured: target.location, allowed: target.redirectHosts, followed: followed++ }
    const next = followRedirect(location, to, rules)
    if ('says' in next) throw new Refused(next)
    location = next.location
    place = placeOf(location)
    credentials = next.sameHost ? target.credentials : null
    login = null
    const left = socket
    socket = null
    left?.destroy()
  }

  const logIn = (header: string): void => {
    const { name, tls } = place
    const answer = answerChallenge(header, credentials, { place: name, tls, digestSeen: seen.digest })
    seen.digest ||= offersDigest(header)
    if ('says' in answer) throw new Refused(answer)
    login = answer
  }

  return {
    get listener() {
      return listener
    },
    set listener(next) {
      listener = next
    },
    get place() {
      return place
    },
    get address() {
      return socket?.remoteAddress?.replace(/^::ffff:/, '')
    },
    get asked() {
      return waiting?.method ?? null
    },
    get mayLogIn() {
      return credentials !== null
    },
    exchange: async (method, message, uriOf) => {
      for (let answered = 0; ; ) {
        if (socket === null) await open()
        const response = await new Promise<RtspMessage>((resolve, reject) => {
          waiting = { method, resolve, reject }
          send(method, uriOf(location), message)
        })
        const status = statusOf(response)
        const challenge = headerValue(response.headers, 'www-authenticate') ?? ''
        if (isRedirect(status)) redirect(headerValue(response.headers, 'location'))
        else if (status !== 401) return response
        // The nonce of an earlier request may have become too old, whether or not the camera says so.
        else if (login && (answered > 2 || (answered > 0 && !isStale(challenge))))
          throw new Refused(wrongLogin(place.name, login))
        else {
          logIn(challenge)
          answered++
        }
      }
    },
    tell: (method, message, uriOf) => send(method, uriOf(location), message),
    write: (bytes) => void socket?.write(bytes),
    resume: () => void socket?.resume(),
    end: () => {
      const left = socket
      socket = null
      left?.end()
    },
    destroy: () => {
      closing.abort()
      waiting?.reject(new Error('closed'))
      socket?.destroy()
    },
  }
}

/** The status of a response; 0 when there is none in its first line. */
export const statusOf = ({ first }: RtspMessage): number => Number(/^RTSP\/\S+\s+(\d+)/.exec(first)?.[1] ?? 0)
