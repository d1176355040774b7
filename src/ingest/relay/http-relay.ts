import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { answerOf, type HttpAnswer } from './http-answer.ts'
import { passedHeaders, passParts, passPlaylist, passVideo, pollPictures } from './http-bodies.ts'
import { httpCamera } from './http-camera.ts'
import type { SeenLogins } from './login.ts'
import { newSecret, type OpenRelay, portOf, type RelayListener } from './loopback.ts'
import { closedEarly } from './network-failure.ts'
import { locationOf } from './playlist.ts'
import { leadsElsewhere } from './redirect.ts'
import { Refused } from './rtsp-failures.ts'
import { createSegments, passMissing, passSegment } from './segments.ts'
import type { Site } from './site.ts'
import { placeOf, type RelayTarget } from './target.ts'

/** HLS fetches a few things at the same time. */
const CONNECTIONS = 8

/**
 * Opens a relay for GStreamer's HTTP source. It logs in, follows redirections, bounds what is held in memory, makes
 * Motion JPEG well-formed, fetches a single picture again and again, and says in plain words what is wrong. The camera
 * is asked before GStreamer is started at all: most faults show then.
 */
export const listenHttp = async (
  target: RelayTarget,
  seen: SeenLogins,
  hears: RelayListener,
  signal: AbortSignal,
): Promise<OpenRelay> => {
  const secret = newSecret()
  const camera = httpCamera(target, seen)
  const wanted = { location: target.location, range: undefined, isMain: true }
  let first: HttpAnswer | null = await answerOf(camera, target, wanted, { heard: hears.heard, signal })
  const { origin, rest } = placeOf(first.url)
  const main = rest.startsWith('/') ? rest : `/${rest}`
  const site: Site = { target, camera, hears, prefix: `/${secret}`, origin, main, segments: createSegments() }
  const server = createServer((request, response) => {
    const isFirst = request.url === site.prefix + main && request.headers.range === undefined
    const known = isFirst ? first : null
    if (isFirst) first = null
    void serve(site, request, response, known)
  })
  server.maxConnections = CONNECTIONS
  const port = await portOf(server, '127.0.0.1')
  return {
    location: `http://127.0.0.1:${port}${site.prefix}${main}`,
    secret,
    isPlaylist: first.kind === 'playlist',
    close: () => {
      server.close()
      server.closeAllConnections()
      first?.message.destroy()
    },
  }
}

/** Answers one request of GStreamer's. `known` is what the camera has answered to it already. */
const serve = async (
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  known: HttpAnswer | null,
): Promise<void> => {
  const { url = '', headers } = request
  const location = locationOf(url, site)
  if (location === null) return void response.destroy()
  const isMain = location === site.origin + site.main
  const ending = new AbortController()
  response
    .on('error', () => {})
    .on('close', () => {
      ending.abort()
      known?.message.destroy()
    })
  try {
    const { location: configured, redirectHosts } = site.target
    const refusal = isMain
      ? null
      : leadsElsewhere(site.origin, location, 'names', { configured, allowed: redirectHosts })
    if (refusal !== null) throw new Refused(refusal)
    const wanted = { location, range: headers.range, isMain }
    const listening = { heard: site.hears.heard, signal: ending.signal }
    const ask = () => answerOf(site.camera, site.target, wanted, listening)
    if (await serveSegment(site, location, response, ask)) return
    await deliver(site, known ?? (await ask()), isMain, response, ending.signal)
  } catch (error) {
    if (ending.signal.aborted) return
    const failure = error instanceof Refused ? error.failure : closedEarly(placeOf(site.origin).name)
    if (isMain) site.hears.failed(failure)
    else site.hears.suspect(failure)
    if (isMain || response.headersSent) response.destroy()
    else response.writeHead(502).end()
  }
}

/**
 * Serves what a live playlist names as a plain segment, whatever the camera makes of it; false for everything else. One that
 * is missing or torn is said, and is no end of the stream.
 */
const serveSegment = async (
  { segments, target, hears, origin }: Site,
  location: string,
  response: ServerResponse,
  ask: () => Promise<HttpAnswer>,
): Promise<boolean> => {
  const segment = segments.find(location)
  // A recording is read whole or not at all.
  if (segment === null || !segment.isPlain || target.pictureEveryMs === null) return false
  const named = `a segment of its HLS stream, ${(placeOf(location).rest.split('?', 1)[0] as string).split('/').at(-1)},`
  const follows = segments.isNext(segment)
  let answer: HttpAnswer
  try {
    answer = await ask()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    hears.suspect(error.failure)
    hears.lost(`${named} is missing: ${error.failure.says}`)
    passMissing(response)
    return true
  }
  // A playlist in the place of a segment has its own rules.
  if (answer.kind === 'playlist') {
    answer.message.destroy()
    return false
  }
  const { 'content-length': _, ...headers } = passedHeaders(answer.message)
  response.writeHead(answer.message.statusCode ?? 200, headers)
  if ((await passSegment(answer.body, response, follows)) === 'torn')
    hears.lost(`${named} breaks off at ${placeOf(origin).name}`)
  return true
}

/** Passes an answer on, as what it is. */
const deliver = (
  site: Site,
  answer: HttpAnswer,
  isMain: boolean,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> => {
  switch (answer.kind) {
    case 'parts':
      return passParts(site, answer, response)
    case 'jpeg':
      return isMain ? pollPictures(site, answer, response, signal) : passVideo(answer, response)
    case 'playlist':
      return passPlaylist(site, answer, response)
    default:
      return passVideo(answer, response)
  }
}
