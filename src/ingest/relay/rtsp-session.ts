import type { Socket } from 'node:net'
import type { CameraFailure } from '../camera-failure.ts'
import { holdsRtp } from './interleaved.ts'
import { joinFragments } from './join-fragments.ts'
import type { SeenLogins } from './login.ts'
import type { RtspTap } from './loopback.ts'
import { rtspCamera } from './rtsp-camera.ts'
import type { CameraListener } from './rtsp-channel.ts'
import { converse } from './rtsp-conversation.ts'
import { Refused, tooSlow } from './rtsp-failures.ts'
import type { PreparedCamera } from './rtsp-prepare.ts'
import { createRtspReader, formatMessage, headerValue, type RtspMessage } from './rtsp-reader.ts'
import type { RelayTarget } from './target.ts'

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
  /** How long it may take until PLAY is answered, milliseconds. */
  readonly leftMs: number
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

/**
 * Speaks with the camera on behalf of GStreamer: logs in, follows redirections, bounds what the camera may send, and
 * says in plain words what is wrong. Packets are passed on as they are, but fragments joined. Returns what ends it, which is idempotent.
 */
export const relayRtsp = (parts: SessionParts): (() => void) => {
  const { target, local, prepared } = parts
  let isOver = false
  let hasSpoken = prepared !== null
  let join: ((bytes: Buffer) => Buffer) | null = null
  const close = (): void => {
    isOver = true
    clearTimeout(deadline)
    conversation.stop()
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
      if (holdsRtp(bytes)) parts.heard()
      if (conversation.fragmenting !== null) join ??= joinFragments(conversation.fragmenting)
      return local.write(join?.(bytes) ?? bytes)
    },
    heard: () => {
      hasSpoken = true
      // Afterwards only pictures count: reports and answers to signs of life come from a hanging encoder, too.
      if (!conversation.isPlaying) parts.heard()
    },
    failed: fail,
  }
  const camera = prepared?.camera ?? rtspCamera(target, parts.seen, listener)
  camera.listener = listener
  const conversation = converse(camera, parts)
  let deadline: NodeJS.Timeout | undefined
  /** From the first request on, because only then somebody who may is there. */
  const begin = (): void => {
    const late = (): void => fail(tooSlow(camera.place.name, target.answerMs, camera.asked, hasSpoken))
    deadline ??= setTimeout(late, Math.max(0, parts.leftMs))
  }

  const answer = async (message: RtspMessage): Promise<void> => {
    const response = await conversation.answer(message)
    local.write(replyTo(message, response))
    if (conversation.isPlaying) clearTimeout(deadline)
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
    conversation.stop()
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

const replyTo = (request: RtspMessage, { first, headers, body }: RtspMessage): Buffer => {
  const cseq = request.headers.filter(([name]) => /^cseq$/i.test(name))
  // Where the packets begin, many cameras say wrongly (`seq=0;rtptime=0`), and GStreamer would wait for it.
  const others = headers.filter(([name]) => !/^(cseq|www-authenticate|rtp-info)$/i.test(name))
  return formatMessage({ first, headers: [...cseq, ...others], body })
}
