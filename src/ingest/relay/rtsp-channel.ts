import type { CameraFailure } from '../camera-failure.ts'
import { closedEarly, networkFailure } from './network-failure.ts'
import { badAnswer, endedBy, Refused, readsNothing, sentAway } from './rtsp-failures.ts'
import { createRtspReader, formatMessage, headerValue, type RtspMessage } from './rtsp-reader.ts'
import { dial, type Place } from './target.ts'

/** Who hears what a camera sends besides answers. */
export interface CameraListener {
  /** Whole interleaved packets. Returns false to have no more until `resume`. */
  readonly packets: (bytes: Buffer) => boolean
  /** Called for everything that comes. */
  readonly heard: () => void
  /** The camera has ended the connection, or sent what cannot be read. Called once. */
  readonly failed: (failure: CameraFailure) => void
}

/** A request to a camera. */
export interface RtspRequest {
  readonly method: string
  readonly uri: string
  /** Without CSeq, which the channel counts. */
  readonly headers: RtspMessage['headers']
  readonly body: Buffer
}

/** One connection to a camera. Owned by whoever opened it. */
export interface RtspChannel {
  readonly address: string | undefined
  /** The method of the request that has waited longest for its answer. */
  readonly asked: string | null
  /** Sends a request and resolves with its answer. Rejects when the channel is destroyed. */
  ask(request: RtspRequest): Promise<RtspMessage>
  /** Sends a request whose answer does not matter. */
  tell(request: RtspRequest): void
  write(bytes: Buffer): void
  resume(): void
  /** Sends what is still to be sent, and closes. Nothing is heard any more. */
  end(): void
  /** Closes at once. Nothing is heard any more. */
  destroy(): void
}

/** A camera may leave so much unread: its answers and GStreamer's reports are a few kilobytes. */
const MAX_UNREAD_BYTES = 262_144

/** Connects to a camera. Rejects with `Refused`. */
export const openChannel = async (
  place: Place,
  tlsVerify: boolean,
  signal: AbortSignal,
  hears: CameraListener,
): Promise<RtspChannel> => {
  const socket = await dial(place, tlsVerify, signal).catch((error) => {
    throw new Refused(networkFailure(place.name, error))
  })
  const reader = createRtspReader()
  let isLeft = false
  let hasSpoken = false
  let sequence = 0
  /** By CSeq, oldest first. */
  const waiting = new Map<number, Waiting>()

  const onMessage = (message: RtspMessage): void => {
    const request = /^([A-Z_]+) \S+ RTSP\//.exec(message.first)?.[1]
    if (request === undefined) {
      const answered = answeredBy(message, waiting)
      if (answered === undefined) return
      waiting.get(answered)?.resolve(message)
      waiting.delete(answered)
      return
    }
    const isUnread = socket.writableLength > MAX_UNREAD_BYTES
    if (isUnread) hears.failed(readsNothing(place.name))
    else socket.write(okFor(message))
    if (request === 'REDIRECT') hears.failed(sentAway(place.name, headerValue(message.headers, 'location')))
  }
  socket.on('data', (chunk: Buffer) => {
    hasSpoken = true
    hears.heard()
    for (const item of reader.push(chunk)) {
      if (isLeft) return
      if (item.type === 'message') onMessage(item.message)
      else if (item.type === 'bad') hears.failed(badAnswer(place.name, item.problem))
      else if (!hears.packets(item.bytes)) socket.pause()
    }
  })
  socket.on('close', () => {
    if (!isLeft) hears.failed(waiting.size > 0 && !hasSpoken ? closedEarly(place.name) : endedBy(place.name))
  })
  const tell = ({ method, uri, headers, body }: RtspRequest): void => {
    const counted = [['CSeq', String(++sequence)] as const, ...headers]
    socket.write(formatMessage({ first: `${method} ${uri} RTSP/1.0`, headers: counted, body }))
  }

  return {
    address: socket.remoteAddress?.replace(/^::ffff:/, ''),
    get asked() {
      return waiting.values().next().value?.method ?? null
    },
    ask: (request) =>
      new Promise((resolve, reject) => {
        tell(request)
        waiting.set(sequence, { method: request.method, resolve, reject })
      }),
    tell,
    write: (bytes) => void socket.write(bytes),
    resume: () => void socket.resume(),
    end: () => {
      isLeft = true
      socket.end()
    },
    destroy: () => {
      isLeft = true
      for (const each of waiting.values()) each.reject(new Error('closed'))
      waiting.clear()
      socket.destroy()
    },
  }
}

interface Waiting {
  readonly method: string
  resolve(message: RtspMessage): void
  reject(error: Error): void
}

/** The CSeq of the request that an answer is for: the oldest one's where the camera does not count. */
const answeredBy = (answer: RtspMessage, waiting: ReadonlyMap<number, Waiting>): number | undefined => {
  const given = headerValue(answer.headers, 'cseq')
  if (given === undefined || !/^\d+$/.test(given)) return waiting.keys().next().value
  return waiting.has(Number(given)) ? Number(given) : undefined
}

const okFor = ({ headers }: RtspMessage): Buffer =>
  formatMessage({
    first: 'RTSP/1.0 200 OK',
    headers: headers.filter(([name]) => /^cseq$/i.test(name)),
    body: Buffer.alloc(0),
  })
