import { createHash, randomBytes } from 'node:crypto'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type CameraFailure, failureError } from '../camera-failure.ts'
import type { Credentials } from '../camera-url.ts'
import { answerAndNote, type Login, type SeenLogins, wrongLogin } from '../relay/login.ts'
import { networkFailure } from '../relay/network-failure.ts'
import { placeOf } from '../relay/target.ts'
import { elementAt, escapeXml, parseXml, textAt, type XmlElement } from './xml.ts'

/** Asks the services of one ONVIF device. */
export interface SoapClient {
  /**
   * Calls an operation and resolves to the element in the answer's body. Rejects with a RollcallError: CAMERA_UNAUTHORIZED,
   * CAMERA_UNREACHABLE, CAMERA_TIMEOUT, CAMERA_FORMAT (the answer is no SOAP), or CAMERA_REFUSED with what the device says.
   */
  call(url: string, body: string): Promise<XmlElement>
}

/** What a client needs to know. Randomness and our clock are passed in. */
export interface SoapOptions {
  readonly credentials: Credentials | null
  /** Longest time of one call, milliseconds. */
  readonly answerMs: number
  readonly nowMs: () => number
  /** How far the device's clock is ahead of ours, milliseconds: a login with another time is refused. */
  readonly clockAheadMs: () => number
  /** Ends what is asked. */
  readonly signal?: AbortSignal
}

/** A device with a hundred profiles says 300 kB. */
const MOST_BYTES = 2_097_152

/**
 * Prepares a client. Logs in with a password digest in the message (WS-UsernameToken) and, when the device asks for it, with
 * an HTTP digest (RFC 7616); the password never leaves in clear. Certificates of devices are not checked: they are
 * self-signed nearly everywhere, and nothing is sent to them that is not sent over plain HTTP, too.
 */
export const soapClient = ({ credentials, answerMs, nowMs, clockAheadMs, ...given }: SoapOptions): SoapClient => {
  // A device that asked for a digest never gets the password in clear: here none ever does.
  const seen: SeenLogins = { digest: true, inClear: false }
  let login: Login | null = null
  return {
    call: async (url, body) => {
      const { name, rest } = placeOf(url)
      const path = rest.startsWith('/') ? rest : `/${rest}`
      const signal = AbortSignal.any([AbortSignal.timeout(answerMs), ...(given.signal ? [given.signal] : [])])
      const envelope = envelopeOf(body, credentials, nowMs() + clockAheadMs())
      for (let answered = 0; ; answered++) {
        const headers = login === null ? {} : { authorization: login.authorization('POST', path) }
        const { status, challenge, text } = await post(url, envelope, headers, signal, answerMs)
        if (status !== 401 || challenge === null) return bodyOf(text, status, name, credentials !== null)
        if (answered > 1 && login !== null) throw failureError(wrongLogin(name, login))
        const answer = answerAndNote(challenge, credentials, { name, tls: false }, seen)
        if ('says' in answer) throw failureError(answer)
        login = answer
      }
    },
  }
}

/** SOAP 1.2; WS-Security UsernameToken Profile 1.0 3.1: digest = Base64(SHA-1(nonce + created + password)). */
const envelopeOf = (body: string, credentials: Credentials | null, atMs: number): string => {
  const created = new Date(atMs).toISOString()
  const nonce = randomBytes(16)
  const token = ({ user, password }: Credentials): string => {
    const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64')
    const profile = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-'
    return `<s:Header><o:Security xmlns:o="${profile}wssecurity-secext-1.0.xsd" s:mustUnderstand="1"><o:UsernameToken><o:Username>${escapeXml(user)}</o:Username><o:Password Type="${profile}username-token-profile-1.0#PasswordDigest">${digest}</o:Password><o:Nonce EncodingType="${profile}soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</o:Nonce><u:Created xmlns:u="${profile}wssecurity-utility-1.0.xsd">${created}</u:Created></o:UsernameToken></o:Security></s:Header>`
  }
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema">${credentials === null ? '' : token(credentials)}<s:Body>${body}</s:Body></s:Envelope>`
}

interface Answer {
  readonly status: number
  /** The WWW-Authenticate header. */
  readonly challenge: string | null
  readonly text: string
}

const post = async (
  url: string,
  envelope: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  answerMs: number,
): Promise<Answer> => {
  const { name } = placeOf(url)
  try {
    const response = await send(url, envelope, headers, signal)
    const text = await textOf(response, name)
    const challenge = response.headers['www-authenticate'] ?? null
    return { status: response.statusCode ?? 0, challenge, text }
  } catch (error) {
    if (signal.aborted) throw failureError(late(name, answerMs))
    if (error instanceof Error && 'remedy' in error) throw error
    throw failureError(networkFailure(name, error as NodeJS.ErrnoException))
  }
}

const send = (
  url: string,
  envelope: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestHttps : requestHttp
    const options = {
      method: 'POST',
      signal,
      headers: {
        ...headers,
        'content-type': 'application/soap+xml; charset=utf-8',
        'content-length': Buffer.byteLength(envelope),
        connection: 'close',
      },
      rejectUnauthorized: false,
      agent: false as const,
    }
    request(url, options, resolve).on('error', reject).end(envelope)
  })

const textOf = async (response: IncomingMessage, name: string): Promise<string> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    length += (chunk as Buffer).length
    if (length > MOST_BYTES) throw failureError(noSoap(name, `more than ${MOST_BYTES} bytes`))
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const bodyOf = (text: string, status: number, name: string, hasLogin: boolean): XmlElement => {
  const document = parseXml(text)
  const body = document?.name === 'Envelope' ? elementAt(document, 'Body') : null
  if (body === null) {
    if (status === 401 || status === 403) throw failureError(unauthorized(name, hasLogin))
    throw failureError(noSoap(name, status === 200 ? 'something else' : `status ${status}`))
  }
  const fault = elementAt(body, 'Fault')
  if (fault !== null) throw failureError(faultOf(fault, name, hasLogin))
  return body.children[0] ?? body
}

const faultOf = (fault: XmlElement, name: string, hasLogin: boolean): CameraFailure => {
  const subcode = textAt(fault, 'Code', 'Subcode', 'Value') ?? textAt(fault, 'faultcode') ?? ''
  const says = textAt(fault, 'Reason', 'Text') ?? textAt(fault, 'faultstring') ?? subcode
  if (/not\s?authori[sz]ed|FailedAuthentication|InvalidSecurity|FailedCheck/i.test(`${subcode} ${says}`))
    return unauthorized(name, hasLogin)
  return {
    code: 'CAMERA_REFUSED',
    says: `${name} refuses: ${says.slice(0, 120) || 'it does not say why'}`,
    remedy: 'Look into its ONVIF settings, and for newer firmware.',
  }
}

const unauthorized = (name: string, hasLogin: boolean): CameraFailure =>
  hasLogin
    ? {
        code: 'CAMERA_UNAUTHORIZED',
        says: `wrong user or password for ${name}`,
        remedy: 'Check both; many cameras have users of their own for ONVIF, and lock out after a few tries.',
        retry: 'rarely',
      }
    : {
        code: 'CAMERA_UNAUTHORIZED',
        says: `${name} asks for a login`,
        remedy: 'Give --user, and the password in ROLLCALL_CAMERA_PASSWORD.',
        retry: 'rarely',
      }

const noSoap = (name: string, what: string): CameraFailure => ({
  code: 'CAMERA_FORMAT',
  says: `${name} answers with ${what}, not as an ONVIF device`,
  remedy: 'Switch ONVIF on in its menu, and check the port.',
})

const late = (name: string, answerMs: number): CameraFailure => ({
  code: 'CAMERA_TIMEOUT',
  says: `${name} does not answer within ${answerMs / 1000} s`,
  remedy: 'Check that it is on; restart it when it was there before.',
})
