import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Observable } from 'rxjs'
import type { StreamId } from '../types.ts'
import type { CameraUrl } from './camera-url.ts'
import type { CameraOptions } from './options.ts'

/** 80 bits in hexadecimal: among a million recordings two have the same name with a chance of 1 in 10^12. */
const DIGITS = 20
const READ_BYTES = 1_048_576

/**
 * What a recording's stream is called: SHA-256 of all it holds, so that it has the same name under every path, and two
 * recordings never share one. Emits once; null when nothing names it (it cannot be read, is no regular file, or the
 * server says neither ETag nor Last-Modified). Unsubscribing stops reading.
 *
 * Hashing a file costs one reading of it, 24 s for 10 GB at 420 MiB/s a core; its analysis takes half an hour or more. A
 * sample of its blocks would take milliseconds, but calls a download that is half done and the whole file the same.
 */
export const recordingStream = (
  url: CameraUrl,
  options: Pick<CameraOptions, 'tlsVerify' | 'connectTimeoutMs'>,
): Observable<StreamId | null> =>
  new Observable((subscriber) => {
    const abort = new AbortController()
    const found = url.kind === 'file' ? nameOfFile(url.path, abort.signal) : nameOfDownload(url, options, abort.signal)
    void found
      .catch(() => null)
      .then((stream) => {
        subscriber.next(stream)
        subscriber.complete()
      })
    return () => abort.abort()
  })

const nameOfFile = async (path: string, signal: AbortSignal): Promise<StreamId | null> => {
  // A pipe could be read only once.
  if (!(await stat(path)).isFile()) return null
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path, { signal, highWaterMark: READ_BYTES })) hash.update(bytes)
  return hash.digest('hex').slice(0, DIGITS)
}

/** A download is not read twice for its name: its place and what the server says of its version stand for its content. */
const nameOfDownload = async (
  url: CameraUrl,
  options: Pick<CameraOptions, 'tlsVerify' | 'connectTimeoutMs'>,
  signal: AbortSignal,
): Promise<StreamId | null> => {
  if (url.kind !== 'http') return null
  const headers = await head(url, options, signal)
  // A length alone is no version: a live playlist may keep its own.
  if (headers.etag === undefined && headers['last-modified'] === undefined) return null
  const version = [headers.etag, headers['last-modified'], headers['content-length']]
  return createHash('sha256')
    .update([url.location, ...version].join('\n'))
    .digest('hex')
    .slice(0, DIGITS)
}

const head = (
  { location, tls, credentials }: CameraUrl & { readonly kind: 'http' },
  { tlsVerify, connectTimeoutMs }: Pick<CameraOptions, 'tlsVerify' | 'connectTimeoutMs'>,
  signal: AbortSignal,
): Promise<IncomingHttpHeaders> =>
  new Promise((resolve, reject) => {
    const options = {
      method: 'HEAD',
      signal: AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]),
      ...(credentials && { auth: `${credentials.user}:${credentials.password}` }),
    }
    const asked = tls
      ? requestHttps(location, { ...options, rejectUnauthorized: tlsVerify })
      : requestHttp(location, options)
    asked.on('response', (response) => {
      response.resume()
      // A redirection or refusal describes itself, not the video.
      resolve(response.statusCode === 200 ? response.headers : {})
    })
    asked.on('error', reject)
    asked.end()
  })
