import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { Observable } from 'rxjs'
import type { StreamId } from '../types.ts'
import type { CameraUrl } from './camera-url.ts'
import type { CameraOptions } from './options.ts'
import { httpCamera } from './relay/http-camera.ts'

type DownloadOptions = Pick<CameraOptions, 'tlsVerify' | 'connectTimeoutMs' | 'redirectHosts'>

/** 80 bits in hexadecimal: the chance that two of a million recordings have the same name is 1 in 10^12. */
const DIGITS = 20
const READ_BYTES = 1_048_576

/**
 * The stream of a recording, named by its content (SHA-256): it is the same under every path, and no two recordings
 * share one. Emits once; null when the recording cannot be named: it cannot be read, is no regular file, or the server
 * sends neither ETag nor Last-Modified. Unsubscribing stops reading.
 *
 * Hashing reads the whole file once: 24 s for 10 GB at 420 MiB/s a core, while its analysis takes half an hour or more.
 * Hashing a sample of blocks would take milliseconds, but would give a half-finished download the name of the whole
 * file.
 */
export const recordingStream = (url: CameraUrl, options: DownloadOptions): Observable<StreamId | null> =>
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
  // A pipe can be read only once.
  if (!(await stat(path)).isFile()) return null
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path, { signal, highWaterMark: READ_BYTES })) hash.update(bytes)
  return hash.digest('hex').slice(0, DIGITS)
}

/** A download is not read twice for its name. Its URL and the version that the server sends stand for its content. */
const nameOfDownload = async (
  url: CameraUrl,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<StreamId | null> => {
  if (url.kind !== 'http') return null
  const headers = await head(url, options, signal)
  // A length alone is no version: a live playlist may change without changing its length.
  if (headers.etag === undefined && headers['last-modified'] === undefined) return null
  const version = [headers.etag, headers['last-modified'], headers['content-length']]
  return createHash('sha256')
    .update([url.location, ...version].join('\n'))
    .digest('hex')
    .slice(0, DIGITS)
}

const head = async (
  url: CameraUrl & { readonly kind: 'http' },
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<IncomingHttpHeaders> => {
  const target = { ...url, ...options, answerMs: options.connectTimeoutMs }
  const { response } = await httpCamera(target, { digest: false, inClear: false }).ask(url.location, {
    method: 'HEAD',
    signal,
  })
  response.resume()
  // The headers of a refusal do not describe the video.
  return response.statusCode === 200 ? response.headers : {}
}
