import { connect as connectNet, isIP, type Socket } from 'node:net'
import {
  type ConnectionOptions,
  connect as connectTls,
  createSecureContext,
  getCACertificates,
  type SecureContext,
} from 'node:tls'
import type { Credentials } from '../camera-url.ts'

/** What a relay needs to know of a camera. Plain data, which is sent to the relay's thread. */
export interface RelayTarget {
  readonly kind: 'rtsp' | 'http'
  /** The camera's URL without credentials. */
  readonly location: string
  readonly credentials: Credentials | null
  readonly tlsVerify: boolean
  /** Hosts besides its own to which the camera may redirect. */
  readonly redirectHosts: readonly string[]
  readonly transport: 'tcp' | 'udp' | 'auto'
  /** Longest time until the camera sends, milliseconds. */
  readonly answerMs: number
  /** How often a single picture is fetched again, milliseconds; null when it must be a video. */
  readonly pictureEveryMs: number | null
}

/** A network location in parts. */
export interface Place {
  readonly tls: boolean
  /** Host name or address, without brackets, in lower case. */
  readonly host: string
  readonly port: number
  /** Scheme, host and port, such as `rtsp://10.0.0.5:554`. */
  readonly origin: string
  /** Host and, when it was given, port: what a person reads. */
  readonly name: string
  /** Path and query. */
  readonly rest: string
}

const ports: Readonly<Record<string, number>> = { rtsp: 554, rtsps: 322, http: 80, https: 443 }

/** Divides a location that `parseCameraUrl` has accepted, or that a redirection names. */
export const placeOf = (location: string): Place => {
  const [, scheme = '', host = '', port, rest = ''] =
    /^(\w+):\/\/(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?(.*)$/s.exec(location) ?? []
  const name = port === undefined ? host : `${host}:${port}`
  return {
    tls: scheme.endsWith('s'),
    host: host.replace(/^\[|\]$/g, '').toLowerCase(),
    port: port === undefined ? ports[scheme] : Number(port),
    origin: `${scheme}://${name}`,
    name,
    rest,
  }
}

let verifying: SecureContext | undefined
let trusting: SecureContext | undefined

/**
 * How TLS is spoken with a camera. Authorities are those of Node and of the system. Without verification old versions
 * and short keys are accepted too, because old cameras have no others. All cameras share two contexts: one of their own
 * would hold hundreds of certificates, or 30 KiB without, beside the heap of JavaScript, which nobody collects in time.
 */
export const tlsOptions = (host: string, tlsVerify: boolean): ConnectionOptions => ({
  ...(isIP(host) ? {} : { servername: host }),
  ...(tlsVerify
    ? { secureContext: (verifying ??= verifyingContext()) }
    : { secureContext: (trusting ??= trustingContext()), rejectUnauthorized: false }),
})

const verifyingContext = (): SecureContext =>
  createSecureContext({ ca: [...getCACertificates('default'), ...getCACertificates('system')] })

const trustingContext = (): SecureContext => createSecureContext({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })

/** Connects to a camera. Rejects with Node's error. */
export const dial = ({ host, port, tls }: Place, tlsVerify: boolean, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = tls
      ? connectTls({ host, port, ...tlsOptions(host, tlsVerify) }, () => resolve(socket))
      : connectNet({ host, port }, () => resolve(socket))
    socket.on('error', reject)
    socket.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    signal.addEventListener('abort', () => socket.destroy(), { once: true })
    socket.setNoDelay(true).setKeepAlive(true, 30_000)
  })
