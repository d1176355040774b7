import type { IncomingMessage } from 'node:http'
import { type AnswerKind, kindOf } from './answer-kind.ts'
import type { HttpCamera } from './http-camera.ts'
import { isNoVideo } from './http-failures.ts'
import { Refused, tooSlow } from './rtsp-failures.ts'
import { statusFailure } from './status-failure.ts'
import { placeOf, type RelayTarget } from './target.ts'

/** An answer of a camera that may be passed on. Owned by whoever asked, who reads `body` or destroys `message`. */
export interface HttpAnswer {
  readonly message: IncomingMessage
  /** The URL that answered. */
  readonly url: string
  readonly kind: AnswerKind
  readonly body: AsyncIterable<Buffer>
}

/** What is asked for. */
export interface Wanted {
  readonly location: string
  /** The header Range. */
  readonly range: string | undefined
  /** Whether it is the video itself, and no part of it that a playlist names. */
  readonly isMain: boolean
}

/** Asks a camera, and looks at what comes. Rejects with `Refused` when it cannot be a video. */
export const answerOf = async (
  camera: HttpCamera,
  target: RelayTarget,
  { location, range, isMain }: Wanted,
  { heard, signal }: { readonly heard: () => void; readonly signal: AbortSignal },
): Promise<HttpAnswer> => {
  const headers = range === undefined ? {} : { range }
  const { response: message, url } = await camera.ask(location, { headers, signal })
  try {
    message.on('data', heard).pause()
    const place = placeOf(url).name
    const status = message.statusCode ?? 0
    if (status !== 200 && status !== 206) {
      throw new Refused(
        statusFailure({
          protocol: 'http',
          status,
          place,
          method: 'GET',
          transport: target.transport,
          hasCredentials: target.credentials !== null,
          retryAfter: message.headers['retry-after'],
          nowMs: Date.now(),
        }),
      )
    }
    const chunks = message[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    // A part from the middle of a file tells nothing about what it is.
    if (range !== undefined && !range.startsWith('bytes=0-')) {
      return { message, url, kind: 'video', body: following(Buffer.alloc(0), chunks) }
    }
    const first = await begin(message, chunks, place, target.answerMs)
    const kind = kindOf((message.headers['content-type'] ?? '').toLowerCase(), first)
    if (isMain && isUseless(kind, target)) throw new Refused(isNoVideo(place, kind))
    return { message, url, kind, body: following(first, chunks) }
  } catch (error) {
    message.destroy()
    throw error
  }
}

/** A single picture is of use where it can be fetched again and again. */
const isUseless = (
  kind: AnswerKind,
  { pictureEveryMs }: RelayTarget,
): kind is 'picture' | 'page' | 'text' | 'manifest' | 'jpeg' =>
  kind === 'picture' ||
  kind === 'page' ||
  kind === 'text' ||
  kind === 'manifest' ||
  (kind === 'jpeg' && pictureEveryMs === null)

/** Enough to see what it is: at least 16 bytes, when there are so many. */
const begin = async (
  message: IncomingMessage,
  chunks: AsyncIterator<Buffer>,
  place: string,
  answerMs: number,
): Promise<Buffer> => {
  let isLate = false
  const deadline = setTimeout(() => {
    isLate = true
    message.destroy()
  }, answerMs)
  let bytes: Buffer = Buffer.alloc(0)
  try {
    while (bytes.length < 16) {
      const next = await chunks.next()
      if (next.done) break
      bytes = Buffer.concat([bytes, next.value])
    }
  } catch (error) {
    throw isLate ? new Refused(tooSlow(place, answerMs, 'GET', true)) : error
  } finally {
    clearTimeout(deadline)
  }
  return bytes
}

async function* following(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
}
