import type { Socket } from 'node:net'
import type { CameraFailure } from '../camera-failure.ts'
import type { SeenLogins } from './login.ts'
import type { RtspTap } from './loopback.ts'
import { rtspCamera, statusOf } from './rtsp-camera.ts'
import type { CameraListener } from './rtsp-channel.ts'
import { Refused, tooSlow } from './rtsp-failures.ts'
import { type Described, describe, judge, type PreparedCamera } from './rtsp-prepare.ts'
import { createRtspReader, formatMessage, headerValue, type RtspMessage } from './rtsp-reader.ts'
import { placeOf, type RelayTarget } from './target.ts'

/** What one relayed connection needs. */
export interface SessionParts {
  readonly target: RelayTarget
  /** The connection of GStreamer. */
  readonly local: Socket
  /** The URL that GStreamer was given, and the User-Agent by which it is known. */
  readonly location: string
  readonly secret: string
  readonly seen: SeenLogins
  /** A camera that has described its stream already; null to begin anew. */
  readonly prepared: PreparedCamera | null
  /** Called once, before the connection ends, when the camera is at fault. */
  readonly failed: (failure: CameraFailure) => void
  /** May be the reason when GStreamer gives up. */
  readonly suspect: (failure: CameraFailure) => void
  /** Called for everything that comes from the camera. */
  readonly heard: () => void
  readonly tap?: RtspTap
}

/** A camera has this long to take the last bytes. */
const GOODBYE_MS = 500
/** GStreamer speaks at once; whoever does not within this time is a stranger. */
const STRANGER_MS = 5000

const none = Buffer.alloc(0)
const ok = (...headers: RtspMessage['headers']): RtspMessage => ({ first: 'RTSP/1.0 200 OK', headers, body: none })

/**
 * Speaks with the camera on behalf of GStreamer: logs in, follows redirections, bounds what the camera may send, and
 * says in plain words what is wrong. Packets are passed on as they are. Returns what ends it, which is idempotent.
 */
export const relayRtsp = (parts: SessionParts): (() => void) => {
  const { target, local, prepared } = parts
  let isOver = false
  let hasSpoken = false
  const close = (): void => {
    isOver = true
    clearTimeout(deadline)
    local.destroy()
    camera.destroy()
  }
  const fail = (failure: CameraFailure): void => {
    if (isOver) return
    parts.failed(failure)
    close()
  }
  const listener: CameraListener = {
    packets: (bytes) => {
      parts.tap?.packets(bytes)
      return local.write(bytes)
    },
    heard: () => {
      hasSpoken = true
      parts.heard()
    },
    failed: fail,
  }
  const camera = prepared?.camera ?? rtspCamera(target, parts.seen, listener)
  camera.listener = listener
  const { answerMs } = target
  let deadline: NodeJS.Timeout | undefined
  /** From the first request on, because only then somebody who may is there. */
  const begin = (): void => {
    deadline ??= setTimeout(() => fail(tooSlow(camera.place.name, answerMs, camera.asked, hasSpoken)), answerMs)
  }

  let described = prepared?.described ?? null
  /** Asks with one URL after the other, until the camera takes one of them. */
  const ask = async (method: string, message: RtspMessage): Promise<RtspMessage> => {
    const urls = urlsFor(method, described)
    let first: RtspMessage | null = null
    for (const url of urls) {
      const response = await camera.exchange(method, message, urlAt(url, described))
      if (!isWrongUrl(statusOf(response))) return response
      first ??= response
    }
    return first ?? camera.exchange(method, message, (location) => location)
  }
  const answer = async (message: RtspMessage): Promise<void> => {
    const method = /^[A-Z_]+/.exec(message.first)?.[0] ?? ''
    if (method === 'TEARDOWN') {
      // GStreamer is answered at once, whatever the camera does.
      camera.tell(method, message, urlAt(urlsFor(method, described)[0], described))
      local.write(replyTo(message, ok()))
      return
    }
    const known = method === 'OPTIONS' ? prepared?.options : method === 'DESCRIBE' ? described?.answer : undefined
    const response = known ?? judge(method, await ask(method, message), camera, parts)
    if (method === 'DESCRIBE') described ??= describe(response, camera)
    local.write(replyTo(message, method === 'DESCRIBE' ? (described?.answer ?? response) : response))
    if (method === 'PLAY') clearTimeout(deadline)
  }

  let answered: Promise<void> = Promise.resolve()
  const take = (message: RtspMessage): void => {
    begin()
    answered = answered
      .then(() => answer(message))
      .catch((error) => (error instanceof Refused ? fail(error.failure) : close()))
  }
  listenTo(local, parts.secret, { take, packets: (bytes) => camera.write(bytes), close })
  local.on('drain', () => camera.resume())
  local.on('close', () => {
    clearTimeout(deadline)
    camera.end()
    setTimeout(close, GOODBYE_MS).unref()
  })
  return close
}

/** Reads what GStreamer sends. Who does not know the secret is cut off. */
const listenTo = (
  local: Socket,
  secret: string,
  {
    take,
    packets,
    close,
  }: {
    readonly take: (message: RtspMessage) => void
    readonly packets: (bytes: Buffer) => void
    readonly close: () => void
  },
): void => {
  const reader = createRtspReader()
  let isKnown = false
  local.on('error', () => {})
  local.setTimeout(STRANGER_MS, () => isKnown || close())
  local.on('data', (chunk: Buffer) => {
    for (const item of reader.push(chunk)) {
      if (item.type === 'message') isKnown ||= headerValue(item.message.headers, 'user-agent') === secret
      if (item.type === 'bad' || !isKnown) return close()
      if (item.type === 'message') take(item.message)
      else packets(item.bytes)
    }
  })
}

/**
 * The URLs for a request of GStreamer's, whose own URL means nothing: there is one track. None before the camera has
 * described it.
 */
const urlsFor = (method: string, described: Described | null): readonly string[] => {
  if (described === null || method === 'DESCRIBE') return []
  return method === 'SETUP' ? described.urls.setUp : described.urls.play
}

/** A URL of the description, at the place where the camera is after redirections. */
const urlAt =
  (url: string | undefined, described: Described | null) =>
  (location: string): string => {
    if (url === undefined || described === null) return location
    const before = placeOf(described.location).origin
    return url.startsWith(before) ? placeOf(location).origin + url.slice(before.length) : url
  }

/** Statuses that another URL may get around: the camera finds no stream, track or session by this one. */
const isWrongUrl = (status: number): boolean => [400, 404, 405, 451, 454, 459, 460].includes(status)

const replyTo = (request: RtspMessage, { first, headers, body }: RtspMessage): Buffer => {
  const cseq = request.headers.filter(([name]) => /^cseq$/i.test(name))
  // Where the packets begin, many cameras say wrongly (`seq=0;rtptime=0`), and GStreamer would wait for it.
  const others = headers.filter(([name]) => !/^(cseq|www-authenticate|rtp-info)$/i.test(name))
  return formatMessage({ first, headers: [...cseq, ...others], body })
}
