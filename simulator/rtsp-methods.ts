import type { CameraSource } from './camera.ts'
import type { RtspRequest, RtspResponse } from './rtsp-message.ts'
import type { RtspSession } from './rtsp-session.ts'
import { describeMedia, formatDescription } from './sdp.ts'
import { chooseTransport, type Transport } from './transport.ts'

const track = 'trackID=0'

/** The server as one connection sees it. The methods change its sessions and nothing else. */
export interface RtspContext {
  readonly sessions: Map<string, RtspSession>
  readonly localAddress: string
  readonly sessionTimeoutMs: number
  /** A request without a session means the connection's last one. */
  readonly unnamed: boolean
  /** The camera at this path; null when there is none or it is stopped. */
  readonly find: (path: string) => CameraSource | null
  /** Creates a session. Gives the status of the refusal when the connection or the server has too many. */
  readonly setUp: (source: CameraSource, transport: Transport) => RtspSession | number
  /** Called when a client has ended a session. */
  readonly tornDown: (session: RtspSession) => void
}

/** A response. `afterwards` runs when it has been written, because packets have to follow the answer to PLAY. */
export interface RtspAnswer extends RtspResponse {
  readonly afterwards?: () => void
}

const methods: Readonly<Record<string, (context: RtspContext, request: RtspRequest) => RtspAnswer>> = {
  OPTIONS: () => ({ status: 200, headers: { Public: Object.keys(methods).join(', ') } }),
  DESCRIBE: (context, request) => describe(context, request),
  SETUP: (context, request) => setUp(context, request),
  PLAY: (context, request) => withSession(context, request, (session) => play(session, request)),
  PAUSE: (context, request) =>
    withSession(context, request, (session) => ({ status: 200, afterwards: () => session.pause() })),
  TEARDOWN: (context, request) =>
    withSession(context, request, (session) => {
      session.pause()
      context.sessions.delete(session.id)
      context.tornDown(session)
      return { status: 200 }
    }),
  // Without a session they keep the connection alive (RFC 2326 10.8).
  GET_PARAMETER: (context, request) => keepAlive(context, request),
  SET_PARAMETER: (context, request) => keepAlive(context, request),
}

/** Answers a request of an authorised client: 551 for a `Require` header, 501 for an unknown method. */
export const answer = (context: RtspContext, request: RtspRequest): RtspAnswer => {
  const required = request.headers.get('require')
  if (required !== undefined) return { status: 551, headers: { Unsupported: required } }
  const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
  return method === undefined ? { status: 501 } : method(context, request)
}

/** The path of an absolute URL or of a bare path, without slashes at its ends; null when it is neither. */
const pathOf = (uri: string): string | null => {
  if (!/^rtspu?:\/\//i.test(uri) && !uri.startsWith('/')) return null
  try {
    return decodeURIComponent(uri.replace(/^\w+:\/\/[^/?#]*/, '').replace(/[?#].*$/, '')).replace(/^\/+|\/+$/g, '')
  } catch {
    return null
  }
}

const describe = (context: RtspContext, request: RtspRequest): RtspAnswer => {
  const path = pathOf(request.uri)
  if (path === null) return { status: 400 }
  const source = context.find(path)
  if (source === null) return { status: 404 }
  const accept = request.headers.get('accept')
  if (accept !== undefined && !/application\/(sdp|\*)|\*\/\*/i.test(accept)) return { status: 406 }
  const url = bareUrl(request.uri)
  const base = `${url}/`
  const { parameterSets, loop } = source.plan()
  const { quirks = {} } = source.options
  const lines = describeMedia({
    codec: loop.codec,
    parameterSets,
    fps: loop.fps,
    name: 'Rollcall demo camera',
    address: context.localAddress,
    sessionId: 0,
    control: source.options.absoluteControl ? `${base}${track}` : track,
    payloadType: quirks.rtp?.payloadType,
  })
  const described = { codec: loop.codec, sets: parameterSets, url }
  const body = formatDescription(quirks.sdp?.(lines, described) ?? lines)
  return { status: 200, headers: { 'Content-Base': base, 'Content-Type': 'application/sdp' }, body }
}

/** The URL without credentials and without slashes at its end. */
const bareUrl = (uri: string): string => uri.replace(/^(\w+:\/\/)[^/?#]*@/, '$1').replace(/\/+$/, '')

const setUp = (context: RtspContext, request: RtspRequest): RtspAnswer => {
  const path = pathOf(request.uri)
  if (path === null) return { status: 400 }
  const source = context.find(path.endsWith(`/${track}`) ? path.slice(0, -track.length - 1) : path)
  if (source === null) return { status: 404 }
  const transport = chooseTransport(request.headers.get('transport') ?? '')
  if (transport === null) return { status: 461 }
  const known = request.headers.get('session')
  if (known !== undefined) {
    const session = context.sessions.get(sessionId(known))
    if (session === undefined) return { status: 454 }
    if (session.playing()) return { status: 455 }
    context.sessions.delete(session.id)
    context.tornDown(session)
  }
  const session = context.setUp(source, transport)
  if (typeof session === 'number') return { status: session }
  const timeout = Math.max(1, Math.floor(context.sessionTimeoutMs / 1000))
  return { status: 200, headers: { Session: `${session.id};timeout=${timeout}`, Transport: session.transport } }
}

const play = (session: RtspSession, request: RtspRequest): RtspAnswer => {
  if (session.source.stopped()) return { status: 404 }
  const url = bareUrl(request.uri)
  return {
    status: 200,
    headers: {
      Range: 'npt=now-',
      // Without rtptime: the first packet is the next key frame, and a frozen camera does not know when that is.
      'RTP-Info': `url=${url.endsWith(track) ? url : `${url}/${track}`};seq=${session.state.sequence}`,
    },
    afterwards: () => session.play(),
  }
}

const keepAlive = (context: RtspContext, request: RtspRequest): RtspAnswer =>
  request.headers.has('session') ? withSession(context, request, () => ({ status: 200 })) : { status: 200 }

const withSession = (
  context: RtspContext,
  request: RtspRequest,
  use: (session: RtspSession) => RtspAnswer,
): RtspAnswer => {
  const named = request.headers.get('session')
  const session =
    named === undefined && context.unnamed
      ? [...context.sessions.values()].at(-1)
      : context.sessions.get(sessionId(named ?? ''))
  if (session === undefined) return { status: 454 }
  const result = use(session)
  return { ...result, headers: { Session: session.id, ...result.headers } }
}

const sessionId = (header: string): string => header.split(';')[0].trim()
