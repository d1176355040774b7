import type { CameraFailure } from '../camera-failure.ts'

/** What is known about a refused request. */
export interface Refusal {
  readonly protocol: 'rtsp' | 'http'
  readonly status: number
  /** Host and port. */
  readonly place: string
  /** The method of the request, such as SETUP. */
  readonly method: string
  /** The camera's `transport`. */
  readonly transport: 'tcp' | 'udp' | 'auto'
  readonly hasCredentials: boolean
  /** The header Retry-After, and the time to which a date in it is compared. */
  readonly retryAfter?: string | undefined
  readonly nowMs: number
}

type Row = readonly [code: CameraFailure['code'], says: string, remedy: string, retry?: 'rarely']

const checkPath = 'Check the path of its URL; its manual tells it.'
const fewer = 'Close other viewers of the camera, or allow more in its settings.'
const restart = 'If this goes on, restart the camera and update its firmware.'

/** Of RFC 9110, 2326 and 7826: what RTSP and HTTP say with the same number. */
const common: Readonly<Record<number, Row>> = {
  400: ['CAMERA_REFUSED', 'does not understand the request', `${checkPath} ${restart}`, 'rarely'],
  402: ['CAMERA_REFUSED', 'wants a payment', 'Check the subscription of its service.', 'rarely'],
  403: [
    'CAMERA_UNAUTHORIZED',
    'does not let this user watch the stream',
    "Give the user the right to watch in the camera's settings, and check that this address is not blocked there.",
    'rarely',
  ],
  404: ['CAMERA_NOT_FOUND', 'answers, but has nothing at this path', checkPath, 'rarely'],
  405: ['CAMERA_REFUSED', 'does not allow METHOD at this path', checkPath, 'rarely'],
  406: [
    'CAMERA_REFUSED',
    'cannot give the stream in a form that Rollcall accepts',
    `${checkPath} Set its video to H.264 or H.265.`,
    'rarely',
  ],
  407: ['CAMERA_REFUSED', 'is a proxy that wants a login', "Give the camera's own address.", 'rarely'],
  408: ['CAMERA_TIMEOUT', 'did not get the request in time', 'Check the network between here and the camera.'],
  410: ['CAMERA_NOT_FOUND', 'no longer has anything at this path', checkPath, 'rarely'],
  413: ['CAMERA_REFUSED', 'finds the request too large', restart, 'rarely'],
  414: ['CAMERA_REFUSED', 'finds the URL too long', checkPath, 'rarely'],
  415: ['CAMERA_REFUSED', 'does not know this kind of stream', checkPath, 'rarely'],
  423: ['CAMERA_UNAUTHORIZED', 'has locked the stream or the user', 'Unlock it in its settings.', 'rarely'],
  429: ['CAMERA_REFUSED', 'gets too many requests', fewer],
  500: ['CAMERA_REFUSED', 'has an error of its own', restart],
  501: ['CAMERA_REFUSED', 'does not know METHOD', `${checkPath} ${restart}`, 'rarely'],
  502: ['CAMERA_REFUSED', 'gets no good answer from the device behind it', 'Check the device behind the gateway.'],
  503: ['CAMERA_REFUSED', 'is busy, or has too many viewers', fewer],
  504: ['CAMERA_REFUSED', 'gets no answer from the device behind it', 'Check the device behind the gateway.'],
}

const http: Readonly<Record<number, Row>> = {
  204: ['CAMERA_FORMAT', 'answers with nothing', checkPath, 'rarely'],
  451: ['CAMERA_REFUSED', 'may not show this, for legal reasons', 'Ask who runs it.', 'rarely'],
  505: ['CAMERA_REFUSED', 'does not speak HTTP/1.1', restart, 'rarely'],
  511: ['CAMERA_REFUSED', 'is behind a network that wants a login', 'Log in to the network first.', 'rarely'],
}

const rtsp: Readonly<Record<number, Row>> = {
  404: ['CAMERA_NOT_FOUND', 'answers, but has no stream at this path', checkPath, 'rarely'],
  451: ['CAMERA_REFUSED', 'does not understand a parameter of METHOD', `${checkPath} ${restart}`, 'rarely'],
  452: ['CAMERA_REFUSED', 'knows no such conference', checkPath, 'rarely'],
  453: ['CAMERA_REFUSED', 'has no bandwidth for another viewer', `${fewer} Or choose its smaller stream.`],
  454: ['CAMERA_REFUSED', 'has forgotten the session', restart],
  455: ['CAMERA_REFUSED', 'does not accept METHOD in this state', restart],
  456: ['CAMERA_REFUSED', 'does not accept a header of METHOD', restart, 'rarely'],
  457: ['CAMERA_REFUSED', 'does not have the range of time that is asked for', checkPath, 'rarely'],
  458: ['CAMERA_REFUSED', 'lets nobody change a parameter', restart, 'rarely'],
  459: ['CAMERA_REFUSED', 'does not play several streams at once', 'Give the URL of one stream.', 'rarely'],
  460: ['CAMERA_REFUSED', 'plays several streams only at once', 'Give the URL without the track.', 'rarely'],
  462: [
    'CAMERA_REFUSED',
    'cannot reach this machine to send pictures',
    'A firewall may be in the way: set transport: tcp.',
  ],
  463: ['CAMERA_REFUSED', 'does not send to this machine', 'Set transport: tcp.', 'rarely'],
  464: ['CAMERA_REFUSED', 'is not ready to send yet', restart],
  465: ['CAMERA_REFUSED', 'does not know the reason of a notice', restart],
  466: ['CAMERA_REFUSED', 'cannot agree on keys', 'Switch encryption of its stream (SRTP) off.', 'rarely'],
  470: ['CAMERA_REFUSED', 'is behind a proxy that asks for leave', "Give the camera's own address.", 'rarely'],
  471: ['CAMERA_REFUSED', 'is behind a proxy that refuses the login', "Give the camera's own address.", 'rarely'],
  472: ['CAMERA_REFUSED', 'is behind a proxy that cannot reach it safely', "Give the camera's own address."],
  505: ['CAMERA_REFUSED', 'does not speak RTSP 1.0', restart, 'rarely'],
  551: ['CAMERA_REFUSED', 'does not know an option that METHOD requires', restart, 'rarely'],
}

/** The failure that a status other than success means; 401 and redirections have files of their own. */
export const statusFailure = (refusal: Refusal): CameraFailure => {
  const { protocol, status, place, method } = refusal
  const [code, says, remedy, retry] = rowOf(refusal)
  const wait = retryAfterMs(refusal.retryAfter, refusal.nowMs)
  return {
    code,
    says: `${place} ${says.replace('METHOD', method)} (${protocol.toUpperCase()} ${status})`,
    remedy,
    ...(retry && { retry }),
    ...(wait !== null && { retryAfterMs: wait }),
  }
}

const rowOf = (refusal: Refusal): Row => {
  const { protocol, status } = refusal
  if (protocol === 'rtsp' && status === 461) return unsupportedTransport(refusal)
  if (status === 403 && !refusal.hasCredentials) {
    return ['CAMERA_UNAUTHORIZED', 'refuses who does not log in', 'Set its user and password.', 'rarely']
  }
  const row = (protocol === 'rtsp' ? rtsp : http)[status] ?? common[status]
  if (row !== undefined) return row
  if (status >= 500 && status < 600) return ['CAMERA_REFUSED', 'has an error of its own', restart]
  if (status >= 400 && status < 500) return ['CAMERA_REFUSED', 'refuses METHOD', checkPath, 'rarely']
  return ['CAMERA_REFUSED', 'answers METHOD with a status that means nothing here', `${checkPath} ${restart}`, 'rarely']
}

const unsupportedTransport = ({ transport }: Refusal): Row => {
  const other = {
    tcp: 'Set transport: udp.',
    udp: 'Set transport: tcp.',
    auto: 'Check how it may send, in its settings.',
  }
  const refused = {
    tcp: 'does not send over TCP',
    udp: 'does not send over UDP',
    auto: 'sends neither over UDP nor TCP',
  }
  return ['CAMERA_REFUSED', refused[transport], other[transport], 'rarely']
}

/** A camera cannot ask to be left alone for longer than this. */
const longestRetryAfterMs = 600_000

/** The time of a Retry-After header, seconds or a date (RFC 9110 10.2.3), at most ten minutes; null when it says none. */
export const retryAfterMs = (header: string | undefined, nowMs: number): number | null => {
  if (header === undefined) return null
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isNaN(ms) ? null : Math.min(longestRetryAfterMs, Math.max(0, ms))
}
