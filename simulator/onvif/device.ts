import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerOperation } from './answers.ts'

/** A stream of the simulated device. */
export interface OnvifProfile {
  readonly token: string
  readonly source?: string
  /** It defaults to H264. H265 is told by Media2 only, as by real devices. */
  readonly encoding?: 'H264' | 'H265' | 'JPEG'
  readonly width: number
  readonly height: number
  /** Path below the RTSP server; null: the device gives no address. */
  readonly path: string | null
}

/** What the device is, and what is odd about it. Everything has a default. */
export interface OnvifDeviceOptions {
  readonly profiles?: readonly OnvifProfile[]
  /** Who may ask; null: everybody. */
  readonly login?: { readonly user: string; readonly password: string } | null
  /** `message`: a digest in the message (WS-UsernameToken). `http`: an HTTP digest. It defaults to `message`. */
  readonly loginBy?: 'message' | 'http'
  /** How far its clock is ahead. A login that is more than five seconds off is refused. */
  readonly clockAheadMs?: number
  /** The host that it writes into its addresses. It defaults to its own. */
  readonly saysHost?: string
  /** Whether it has Media2 beside Media. It defaults to false. */
  readonly media2?: boolean
  /** Whether it knows GetServices (ONVIF 2.1). It defaults to true. */
  readonly getServices?: boolean
  /** Answers every request by itself, instead of as a device. */
  readonly answers?: (request: IncomingMessage, response: ServerResponse) => void
  readonly rtspPort?: number
}

/** A simulated ONVIF device on a port of the loopback interface. Owned by whoever started it, who calls `close()`. */
export interface OnvifDevice {
  /** The address of its device service. */
  readonly url: string
  readonly port: number
  /** The operations that were asked for, in their order. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** Starts a device that answers over HTTP: time, device information, services, profiles, stream and snapshot addresses. */
export const startOnvifDevice = async (options: OnvifDeviceOptions = {}): Promise<OnvifDevice> => {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    request.on('error', () => undefined)
    if (options.answers !== undefined) return options.answers(request, response)
    const text = await bodyOf(request)
    const operation = /<(?:\w+:)?Body>\s*<(?:\w+:)?(\w+)/.exec(text)?.[1] ?? ''
    asked.push(operation)
    const { status, body, challenge } = answer(operation, text, request, options, port)
    response.writeHead(status, {
      'content-type': 'application/soap+xml; charset=utf-8',
      ...(challenge && { 'www-authenticate': challenge }),
    })
    response.end(
      `<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:ter="http://www.onvif.org/ver10/error"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`,
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/onvif/device_service`,
    port,
    asked,
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

interface Answer {
  readonly status: number
  readonly body: string
  readonly challenge?: string
}

const nonce = 'a3f1c0'
const realm = 'simulated'

const answer = (
  operation: string,
  text: string,
  { headers, url = '' }: IncomingMessage,
  options: OnvifDeviceOptions,
  port: number,
): Answer => {
  const { login = null, loginBy = 'message', clockAheadMs = 0 } = options
  // Everybody may ask for the time (ONVIF Core 5.12).
  if (login !== null && operation !== 'GetSystemDateAndTime') {
    const isGood =
      loginBy === 'http'
        ? isHttpDigest(headers.authorization, url, login)
        : isMessageDigest(text, login, Date.now() + clockAheadMs)
    if (!isGood && loginBy === 'http')
      return { status: 401, body: '', challenge: `Digest realm="${realm}", nonce="${nonce}", qop="auth"` }
    if (!isGood) return { status: 400, body: fault('ter:NotAuthorized', 'Sender not authorized') }
  }
  const body = answerOperation(operation, text, options, port)
  return body === null
    ? { status: 400, body: fault('ter:ActionNotSupported', 'Optional Action Not Implemented') }
    : { status: 200, body }
}

const fault = (subcode: string, reason: string): string =>
  `<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>${subcode}</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">${reason}</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>`

type Login = NonNullable<OnvifDeviceOptions['login']>

const unescaped = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))

/** WS-Security UsernameToken Profile 1.0 3.1, and not older or newer than five seconds. */
const isMessageDigest = (text: string, { user, password }: Login, nowMs: number): boolean => {
  const field = (name: string): string => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(text)?.[1] ?? ''
  const created = field('Created')
  const digest = createHash('sha1')
    .update(Buffer.from(field('Nonce'), 'base64'))
    .update(created)
    .update(password)
  return (
    unescaped(field('Username')) === user &&
    field('Password') === digest.digest('base64') &&
    Math.abs(Date.parse(created) - nowMs) <= 5000
  )
}

/** RFC 7616 with MD5. */
const isHttpDigest = (header: string | undefined, url: string, { user, password }: Login): boolean => {
  const field = (name: string): string => new RegExp(`\\b${name}="?([^",]*)`).exec(header ?? '')?.[1] ?? ''
  const hash = (text: string): string => createHash('md5').update(text).digest('hex')
  const [ours, theirs] = [hash(`${user}:${realm}:${password}`), hash(`POST:${url}`)]
  return field('response') === hash(`${ours}:${nonce}:${field('nc')}:${field('cnonce')}:auth:${theirs}`)
}
