import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { CameraFailure } from '../camera-failure.ts'
import { answerAndNote, isStale, type Login, type SeenLogins, wrongLogin } from './login.ts'
import { closedEarly, networkFailure } from './network-failure.ts'
import { followRedirect, isRedirect } from './redirect.ts'
import { Refused, tooSlow } from './rtsp-failures.ts'
import { MAX_HEAD_BYTES } from './rtsp-reader.ts'
import { type Place, placeOf, type RelayTarget, tlsOptions } from './target.ts'

/** A camera that is asked over HTTP. */
export interface HttpCamera {
  /**
   * Asks for a URL until there is an answer that is neither a challenge nor a redirection. `url` is the one that
   * answered. Rejects with `Refused`. The caller reads or destroys the response.
   */
  ask(
    location: string,
    request: {
      readonly method?: 'GET' | 'HEAD'
      readonly headers?: Readonly<Record<string, string>>
      readonly signal: AbortSignal
    },
  ): Promise<{ readonly response: IncomingMessage; readonly url: string }>
}

/** What is needed to ask. */
export type HttpTarget = Pick<RelayTarget, 'location' | 'credentials' | 'tlsVerify' | 'redirectHosts' | 'answerMs'>

/** Keeps the login from one request to the next. `seen` is kept over connections. */
export const httpCamera = (target: HttpTarget, seen: SeenLogins): HttpCamera => {
  const configured = placeOf(target.location)
  /** For the scheme, host and port that asked for it. */
  let login: { readonly origin: string; readonly answer: Login } | null = null
  return {
    ask: async (location, { method = 'GET', headers = {}, signal }) => {
      let url = location
      for (let followed = 0, answered = 0; ; ) {
        const place = placeOf(url)
        // The password is for the configured host only.
        const credentials = place.host === configured.host ? target.credentials : null
        const path = pathOf(place)
        const known = login?.origin === place.origin ? login.answer : null
        const authorization = credentials && known?.authorization(method, path)
        const sent = { ...headers, ...(authorization ? { authorization } : {}) }
        const response = await send(place, path, { method, headers: sent, signal }, target)
        const { statusCode = 0 } = response
        if (isRedirect(statusCode)) {
          response.destroy()
          const rules = { configured: target.location, allowed: target.redirectHosts, followed: followed++ }
          const next = followRedirect(url, response.headers.location, rules)
          if ('says' in next) throw new Refused(next)
          url = next.location
        } else if (statusCode === 401) {
          response.destroy()
          const challenge = response.headers['www-authenticate'] ?? ''
          if (known && (answered > 2 || (answered > 0 && !isStale(challenge)))) {
            throw new Refused(wrongLogin(place.name, known))
          }
          const answer = answerAndNote(challenge, credentials, place, seen)
          if ('says' in answer) throw new Refused(answer)
          login = { origin: place.origin, answer }
          answered++
        } else return { response, url }
      }
    },
  }
}

const pathOf = ({ rest }: Place): string =>
  (rest.startsWith('/') ? rest : `/${rest}`).replace(/#.*$/s, '').replace(/[^\x21-\x7e]/gu, encodeURIComponent)

const send = (
  place: Place,
  path: string,
  {
    method,
    headers,
    signal,
  }: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly signal: AbortSignal
  },
  { tlsVerify, answerMs }: HttpTarget,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const options = {
      host: place.host,
      port: place.port,
      path,
      method,
      headers: { host: place.name, 'user-agent': 'Rollcall', accept: '*/*', ...headers },
      agent: false as const,
      maxHeaderSize: MAX_HEAD_BYTES,
      // Cameras send headers that RFC 9112 does not allow, and browsers accept.
      insecureHTTPParser: true,
      signal,
    }
    const asked: ClientRequest = place.tls
      ? requestHttps({ ...options, ...tlsOptions(place.host, tlsVerify) })
      : requestHttp(options)
    const deadline = setTimeout(() => {
      const isConnected = asked.socket?.connecting === false
      reject(
        new Refused(tooSlow(place.name, answerMs, isConnected ? method : null, (asked.socket?.bytesRead ?? 0) > 0)),
      )
      asked.destroy()
    }, answerMs)
    // Node's parser takes RTSP for HTTP.
    let begins = ''
    asked.on('socket', (socket) => {
      socket.prependOnceListener('data', (chunk: Buffer) => {
        begins = chunk.toString('latin1', 0, 5)
      })
    })
    asked.on('response', (response) => {
      clearTimeout(deadline)
      if (begins === 'RTSP/') {
        response.destroy()
        reject(new Refused(noHttp(place, begins)))
      }
      response.on('error', () => {})
      resolve(response)
    })
    asked.on('error', (error) => {
      clearTimeout(deadline)
      reject(new Refused(failureOf(place, error, begins)))
    })
    asked.end()
  })

const failureOf = (place: Place, error: NodeJS.ErrnoException, begins: string): CameraFailure => {
  const { code = '' } = error
  if (!code.startsWith('HPE_'))
    return code === 'ECONNRESET' ? closedEarly(place.name) : networkFailure(place.name, error)
  if (code !== 'HPE_HEADER_OVERFLOW') return noHttp(place, begins)
  return {
    code: 'CAMERA_FORMAT',
    says: `${place.name} sends a header of more than ${MAX_HEAD_BYTES} bytes`,
    remedy: 'Check that its URL leads to the camera, and update the firmware of the camera.',
    retry: 'rarely',
  }
}

/** Something else is spoken at this port; `begins` are its first bytes. */
const noHttp = (place: Place, begins: string): CameraFailure => {
  const isRtsp = begins === 'RTSP/'
  return {
    code: 'CAMERA_FORMAT',
    says: `${place.name} speaks ${isRtsp ? 'RTSP at this port, no HTTP' : 'no HTTP at this port'}`,
    remedy: isRtsp
      ? 'Write rtsp:// before its address, or use its HTTP port.'
      : 'Use its HTTP port (usually 80); a port with TLS needs https://.',
    retry: 'rarely',
  }
}
