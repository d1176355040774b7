import type { CameraFailure } from '../camera-failure.ts'
import { type ControlUrls, controlUrls } from './control-url.ts'
import type { Fragmenting } from './fragment.ts'
import type { SeenLogins } from './login.ts'
import type { RelayListener } from './loopback.ts'
import { type RtspCamera, rtspCamera, statusOf } from './rtsp-camera.ts'
import { Refused, tooSlow } from './rtsp-failures.ts'
import { headerValue, type RtspMessage } from './rtsp-reader.ts'
import { videoTrack } from './sdp.ts'
import { statusFailure } from './status-failure.ts'
import type { RelayTarget } from './target.ts'
import { readableTransport } from './transport.ts'

/** A camera that has described its stream, and its answers. */
export interface PreparedCamera {
  readonly camera: RtspCamera
  readonly options: RtspMessage
  readonly described: Described
}

/** The stream that a camera has described. */
export interface Described {
  /** The answer to DESCRIBE for GStreamer, in our own words. */
  readonly answer: RtspMessage
  /** With what it is asked for; made of `location`, the URL that was described. */
  readonly urls: ControlUrls
  readonly location: string
  readonly fragmenting: Fragmenting | null
}

/**
 * Connects to a camera, logs in and asks for its stream, before GStreamer is started at all: most faults show here.
 * Rejects with `Refused`; the connection is closed then.
 */
export const prepareCamera = async (
  target: RelayTarget,
  seen: SeenLogins,
  { heard, tap, signal }: Pick<RelayListener, 'heard' | 'tap'> & { readonly signal: AbortSignal },
): Promise<PreparedCamera> => {
  const { answerMs } = target
  const refused = Promise.withResolvers<never>()
  // Whoever waits for an answer hears of it first.
  refused.promise.catch(() => {})
  let hasSpoken = false
  const camera = rtspCamera(target, seen, {
    packets: () => true,
    heard: () => {
      hasSpoken = true
      heard()
    },
    failed: (failure) => refused.reject(new Refused(failure)),
  })
  const late = (): void => refused.reject(new Refused(tooSlow(camera.place.name, answerMs, camera.asked, hasSpoken)))
  const deadline = setTimeout(late, answerMs)
  const stop = (): void => refused.reject(new Error('closed'))
  signal.addEventListener('abort', stop)
  const ask = async (method: string, headers: RtspMessage['headers']): Promise<RtspMessage> => {
    const request = { first: '', headers, body: Buffer.alloc(0) }
    const response = await Promise.race([camera.exchange(method, request, (location) => location), refused.promise])
    if (method === 'DESCRIBE') tap?.described(response)
    return judge(method, response, camera, { target, suspect: () => {} })
  }
  try {
    const options = await ask('OPTIONS', [])
    const description = await ask('DESCRIBE', [['Accept', 'application/sdp']])
    return { camera, options, described: describe(description, camera) }
  } catch (error) {
    camera.destroy()
    throw error
  } finally {
    clearTimeout(deadline)
    signal.removeEventListener('abort', stop)
  }
}

const options: RtspMessage = {
  first: 'RTSP/1.0 200 OK',
  headers: [['Public', 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER']],
  body: Buffer.alloc(0),
}

/** What the judgement of an answer needs. */
export interface JudgeParts {
  readonly target: RelayTarget
  /** May be the reason when GStreamer gives up. */
  readonly suspect: (failure: CameraFailure) => void
  /** The Transport header of the request. */
  readonly asked?: string | undefined
}

/** The answer of a camera as GStreamer is to get it. Throws `Refused` for one with which nothing can go on. */
export const judge = (
  method: string,
  response: RtspMessage,
  camera: RtspCamera,
  { target, suspect, asked }: JudgeParts,
): RtspMessage => {
  const status = statusOf(response)
  if (status >= 200 && status < 300) {
    return method === 'SETUP' ? withSource(withTransport(response, asked), camera.address) : response
  }
  // DESCRIBE tells what is wrong; some cameras only do not know OPTIONS.
  if (method === 'OPTIONS') return options
  if (!['DESCRIBE', 'SETUP', 'PLAY'].includes(method)) return response
  const { transport } = target
  const failure = statusFailure({
    protocol: 'rtsp',
    status,
    place: camera.place.name,
    method,
    transport,
    hasCredentials: camera.mayLogIn,
    retryAfter: headerValue(response.headers, 'retry-after'),
    nowMs: Date.now(),
  })
  if (status !== 461 || transport !== 'auto') throw new Refused(failure)
  // GStreamer tries the other transport.
  suspect(failure)
  return response
}

/** Reads what a camera describes. Throws `Refused` when no video of it can be decoded. */
export const describe = (response: RtspMessage, { location, place }: RtspCamera): Described => {
  const video = videoTrack(response.body.toString('utf8'), place.name)
  if ('says' in video) throw new Refused(video)
  const base = headerValue(response.headers, 'content-base') ?? headerValue(response.headers, 'content-location')
  return {
    answer: {
      first: 'RTSP/1.0 200 OK',
      headers: [['Content-Type', 'application/sdp']],
      body: Buffer.from(video.sdp),
    },
    urls: controlUrls(location, { ...(base !== undefined && { base }), ...video.control }),
    location,
    fragmenting: video.fragmenting,
  }
}

const withTransport = (response: RtspMessage, asked: string | undefined): RtspMessage => {
  const transport = readableTransport(asked, headerValue(response.headers, 'transport'))
  if (transport === undefined) return response
  const others = response.headers.filter(([name]) => !/^transport$/i.test(name))
  return { ...response, headers: [...others, ['Transport', transport]] }
}

/** Over UDP GStreamer sends its reports to the camera itself, so it must be told where that is. */
const withSource = (response: RtspMessage, address: string | undefined): RtspMessage => ({
  ...response,
  headers: response.headers.map(([name, value]) => {
    const lacksIt = /^transport$/i.test(name) && /client_port/.test(value) && !/source=/.test(value)
    return lacksIt ? ([name, `${value};source=${address}`] as const) : ([name, value] as const)
  }),
})
