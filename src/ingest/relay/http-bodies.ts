import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { drained } from './drained.ts'
import { answerOf, type HttpAnswer } from './http-answer.ts'
import { isNoVideo, isSampleAes, tooLarge } from './http-failures.ts'
import { boundaryOf, createPartReader, isJpeg, MAX_PICTURE_BYTES, partBytes, partsBegin, partsType } from './parts.ts'
import { encryptionOf, plainAddress, relayPlaylist } from './playlist.ts'
import { endedBy, Refused } from './rtsp-failures.ts'
import type { Site } from './site.ts'
import { placeOf } from './target.ts'

/** Passes an answer on as it is. */
export const passVideo = async ({ message, body }: HttpAnswer, response: ServerResponse): Promise<void> => {
  response.writeHead(message.statusCode ?? 200, passedHeaders(message))
  await write(response, body)
  response.end()
}

/** The headers of an answer that GStreamer may see. */
export const passedHeaders = ({ headers }: IncomingMessage): Record<string, string> => {
  const passed = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified']
  return Object.fromEntries(
    passed.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  )
}

/** Waits while GStreamer reads slowly. */
const write = async (response: ServerResponse, body: AsyncIterable<Buffer>): Promise<void> => {
  for await (const bytes of body) {
    if (response.destroyed) return
    if (!response.write(bytes)) await drained(response)
  }
}

/** After so many parts that are no pictures, none is expected any more. */
const MAX_STRANGE_PARTS = 100

/** Passes Motion JPEG on, well-formed whatever the camera writes. */
export const passParts = async (
  { hears, origin }: Site,
  { message, body }: HttpAnswer,
  response: ServerResponse,
): Promise<void> => {
  const place = placeOf(origin).name
  const reader = createPartReader(boundaryOf(message.headers['content-type'] ?? ''), place)
  response.writeHead(200, { 'content-type': partsType }).write(partsBegin)
  await write(response, picturesOf(reader, body, place))
  if (!response.destroyed) hears.failed(endedBy(place))
  response.end()
}

async function* picturesOf(
  reader: ReturnType<typeof createPartReader>,
  body: AsyncIterable<Buffer>,
  place: string,
): AsyncGenerator<Buffer> {
  let strange = 0
  for await (const chunk of body) {
    for (const part of reader.push(chunk)) {
      if (isJpeg(part)) yield partBytes(part)
      else if (++strange > MAX_STRANGE_PARTS) throw new Refused(isNoVideo(place, 'parts'))
    }
  }
}

/** Fetches a single picture again and again, as Motion JPEG. */
export const pollPictures = async (
  { target, camera, hears, origin, main }: Site,
  { body }: HttpAnswer,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> => {
  const place = placeOf(origin).name
  const wanted = { location: origin + main, range: undefined, isMain: true }
  response.writeHead(200, { 'content-type': partsType }).write(partsBegin)
  for (let next = body; ; ) {
    const due = sleep(target.pictureEveryMs ?? 1000, undefined, { signal })
    due.catch(() => {})
    const jpeg = await whole(next, MAX_PICTURE_BYTES, place)
    if (!response.write(partBytes(jpeg))) await drained(response)
    await due
    const answer = await answerOf(camera, target, wanted, { heard: hears.heard, signal })
    if (answer.kind !== 'jpeg') throw new Refused(isNoVideo(place, 'parts'))
    next = answer.body
  }
}

const whole = async (body: AsyncIterable<Buffer>, limit: number, place: string): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > limit) throw new Refused(tooLarge(place, limit))
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Larger ones are not held in memory. */
const MAX_PLAYLIST_BYTES = 4_194_304

/** Passes an HLS playlist on. What it names is fetched through the relay, where hosts are checked and logins are known. */
export const passPlaylist = async (
  site: Site,
  { message, url, body }: HttpAnswer,
  response: ServerResponse,
): Promise<void> => {
  const text = (await whole(body, MAX_PLAYLIST_BYTES, placeOf(site.origin).name)).toString('utf8')
  const method = encryptionOf(text)
  if (method?.startsWith('SAMPLE-AES')) throw new Refused(isSampleAes(placeOf(site.origin).name))
  if (method === 'AES-128') site.hears.encrypted()
  site.segments.note(text, (line) => (URL.canParse(line, url) ? plainAddress(line, url) : null))
  const type = message.headers['content-type']
  response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(relayPlaylist(text, url, site))
}
