import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { RollcallError } from '../errors.ts'
import { readAll } from '../read-all.ts'
import type { Log, Time } from '../types.ts'
import type { HttpOptions } from './options.ts'
import { namesOfThisMachine, type OwnCertificate, ownCertificate } from './own-certificate.ts'

/** A certificate chain and its key, as PEM. */
export interface TlsPair {
  readonly cert: Buffer
  readonly key: Buffer
}

/** Where a certificate of our own is kept, and by which clock it is renewed. */
export interface TlsDeps {
  /** Null: it is made for this run. */
  readonly certificateDirectory: string | null
  readonly time: Time
  readonly log: Log
}

/** The own certificate is looked at this often, to renew it before it ends. */
const renewEveryMs = 86_400_000

/** The certificate chain and its key. Throws HTTP_LISTEN when they cannot be read or made, or do not fit each other. */
export const tlsPair = (tls: NonNullable<HttpOptions['tls']>, deps: TlsDeps): TlsPair => {
  const pair = tls === 'auto' ? ownPair(deps) : { cert: readPem('cert', tls.cert), key: readPem('key', tls.key) }
  try {
    createSecureContext(pair)
    return pair
  } catch (cause) {
    throw new RollcallError('HTTP_LISTEN', `http.tls: ${(cause as Error).message}`, {
      cause,
      remedy: 'Name a certificate chain and the key that belongs to it, both as PEM.',
    })
  }
}

const ownPair = ({ certificateDirectory, time, log }: TlsDeps): TlsPair => {
  if (certificateDirectory !== null)
    return tell(ownCertificate(certificateDirectory, namesOfThisMachine(), time.nowMs()), log)
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-tls-'))
  try {
    const { cert, key, fingerprint } = ownCertificate(directory, namesOfThisMachine(), time.nowMs())
    log.info({ fingerprint }, 'http.tls: auto: people are not kept, so the certificate is another one in each run')
    return { cert, key }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const tell = ({ cert, key, file, fingerprint, isNew }: OwnCertificate, log: Log): TlsPair => {
  const what = isNew ? 'a new certificate of this machine itself' : 'the certificate of this machine itself'
  log.info(
    { file, fingerprint },
    `http.tls: auto: ${what}: trust this file on each device, or put a proxy with a known certificate in front`,
  )
  return { cert, key }
}

/** Renews the own certificate while the server runs. Returns how to end that. */
export const renewRegularly = (tls: HttpOptions['tls'], deps: TlsDeps, use: (pair: TlsPair) => void): (() => void) => {
  if (tls !== 'auto' || deps.certificateDirectory === null) return () => undefined
  const directory = deps.certificateDirectory
  const timer = setInterval(() => {
    try {
      const next = ownCertificate(directory, namesOfThisMachine(), deps.time.nowMs())
      if (next.isNew) use(tell(next, deps.log))
    } catch (error) {
      deps.log.error({ error: (error as Error).message }, 'the certificate cannot be renewed')
    }
  }, renewEveryMs).unref()
  return () => clearInterval(timer)
}

const readPem = (what: 'cert' | 'key', file: string): Buffer => {
  try {
    return readAll(file)
  } catch (cause) {
    const remedy = 'Name a PEM file that this process may read.'
    throw new RollcallError('HTTP_LISTEN', `http.tls.${what}: ${(cause as Error).message}`, { cause, remedy })
  }
}
