import type { Socket } from 'node:net'
import type { CameraFailure } from '../camera-failure.ts'
import type { SeenLogins } from './login.ts'
import type { RtspTap } from './loopback.ts'
import { rtspCamera } from './rtsp-camera.ts'
import type { CameraListener } from './rtsp-channel.ts'
import { Refused, tooSlow } from './rtsp-failures.ts'
import { judge, type PreparedCamera } from './rtsp-prepare.ts'
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

  const answer = async (message: RtspMessage): Promise<void> => {
    const [, method = '', uri = ''] = /^([A-Z_]+) (\S+) RTSP\//.exec(message.first) ?? []
    const uriOf = uriOfCamera(uri, parts.location)
    if (method === 'TEARDOWN') {
      // GStreamer is answered at once, whatever the camera does.
      camera.tell(method, message, uriOf)
      local.write(replyTo(message, ok()))
      return
    }
    const known = method === 'OPTIONS' ? prepared?.options : method === 'DESCRIBE' ? prepared?.description : undefined
    const response = known ?? judge(method, await camera.exchange(method, message, uriOf), camera, parts)
    local.write(replyTo(message, response))
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

/** The camera's URL for one of ours. Others were named by the camera and stay. */
const uriOfCamera =
  (uri: string, ours: string) =>
  (location: string): string => {
    if (uri.startsWith(ours)) return location + uri.slice(ours.length)
    const { origin } = placeOf(ours)
    return uri.startsWith(origin) ? placeOf(location).origin + uri.slice(origin.length) : uri
  }

const replyTo = (request: RtspMessage, { first, headers, body }: RtspMessage): Buffer => {
  const cseq = request.headers.filter(([name]) => /^cseq$/i.test(name))
  const others = headers.filter(([name]) => !/^(cseq|www-authenticate)$/i.test(name))
  return formatMessage({ first, headers: [...cseq, ...others], body })
}
