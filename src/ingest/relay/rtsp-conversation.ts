import type { Fragmenting } from './fragment.ts'
import { sessionLife } from './keep-alive.ts'
import { type RtspCamera, statusOf } from './rtsp-camera.ts'
import { type Described, describe, type JudgeParts, judge, type PreparedCamera } from './rtsp-prepare.ts'
import { headerValue, type RtspMessage } from './rtsp-reader.ts'
import { placeOf } from './target.ts'

/** Finds the answers to GStreamer's requests, mostly by asking the camera. */
export interface RtspConversation {
  /** Rejects with `Refused` when the camera is at fault. */
  answer(message: RtspMessage): Promise<RtspMessage>
  /** PLAY was answered; from then on the session is kept alive. */
  readonly isPlaying: boolean
  /** How the camera cuts NAL units into packets; null before it has described its stream, and where that is unknown. */
  readonly fragmenting: Fragmenting | null
  /** Keeps the session alive no longer. Idempotent. */
  stop(): void
}

const ok: RtspMessage = { first: 'RTSP/1.0 200 OK', headers: [], body: Buffer.alloc(0) }

/** `prepared` are the answers that the camera has given already; null to begin anew. */
export const converse = (
  camera: RtspCamera,
  parts: Pick<JudgeParts, 'target' | 'suspect'> & { readonly prepared: PreparedCamera | null },
): RtspConversation => {
  const { prepared } = parts
  let described = prepared?.described ?? null
  /** The URL that PLAY had. */
  let played: string | undefined
  const life = sessionLife(camera)
  if (prepared !== null) life.note('OPTIONS', prepared.options)

  /** Asks with one URL after the other, until the camera takes one of them. */
  const ask = async (method: string, message: RtspMessage): Promise<RtspMessage> => {
    let first: RtspMessage | null = null
    for (const url of urlsFor(method, described)) {
      const response = await camera.exchange(method, message, urlAt(url, described))
      if (method === 'PLAY') played = url
      if (!isWrongUrl(statusOf(response))) return response
      first ??= response
    }
    return first ?? camera.exchange(method, message, (location) => location)
  }
  const answer = async (message: RtspMessage): Promise<RtspMessage> => {
    const method = /^[A-Z_]+/.exec(message.first)?.[0] ?? ''
    if (method === 'TEARDOWN') {
      // GStreamer is answered at once, whatever the camera does.
      camera.tell(method, message, urlAt(played ?? urlsFor(method, described)[0], described))
      return ok
    }
    if (life.isKept && /^(OPTIONS|[GS]ET_PARAMETER)$/.test(method)) return ok
    if (method === 'OPTIONS' && prepared !== null) return prepared.options
    if (method === 'DESCRIBE' && described !== null) return described.answer
    const asked = headerValue(message.headers, 'transport')
    const response = judge(method, await ask(method, message), camera, { ...parts, asked })
    life.note(method, response)
    if (method === 'PLAY') life.begin(urlAt(played, described))
    if (method !== 'DESCRIBE') return response
    described = describe(response, camera)
    return described.answer
  }
  return {
    answer,
    get isPlaying() {
      return life.isKept
    },
    get fragmenting() {
      return described?.fragmenting ?? null
    },
    stop: () => life.stop(),
  }
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
