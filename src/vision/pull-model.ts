import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RollcallError } from '../errors.ts'
import { makeDirectorySoon } from '../make-directory.ts'
import { sha256Of } from './sha256.ts'

/** The file to download. */
export interface Wanted {
  readonly url: string
  /** The SHA-256 that the file has to have, lower-case hexadecimal. */
  readonly sha256: string
  /** The size that the file has to have. A server that sends more is cut off. */
  readonly bytes: number
}

/** How a download is watched and stopped. */
export interface PullOptions {
  /** Called with the bytes that have arrived, with those of an earlier attempt. */
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
  /** How long the download may go without a byte, milliseconds. It defaults to 30 s. */
  readonly stallMs?: number
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )

const failed = (url: string, what: string, remedy: string, cause?: unknown): RollcallError =>
  new RollcallError('MODEL_DOWNLOAD', `${url}: ${what}`, { remedy, ...(cause !== undefined && { cause }) })

const reasonOf = (error: unknown): string => {
  const { cause, message, name } = error as Error & { cause?: { name?: string; code?: unknown; message?: string } }
  if (name === 'TimeoutError' || cause?.name === 'TimeoutError') return 'nothing arrived for too long'
  // Node's network errors carry the reason as a code: ENOTFOUND, ECONNREFUSED.
  return typeof cause?.code === 'string' ? cause.code : (cause?.message ?? message)
}

/**
 * Downloads a file and checks its SHA-256 before it gets the name `file`, so a file of that name is whole. Until then
 * it is `file.part`, from which a later call continues (RFC 9110 range requests). Nothing is written before the first
 * byte has arrived.
 *
 * Resolves to `there` when the right file was there already. Throws MODEL_DOWNLOAD.
 */
export const pullModel = async (
  wanted: Wanted,
  file: string,
  options: PullOptions = {},
): Promise<'there' | 'pulled'> => {
  const { url, sha256, bytes } = wanted
  if ((await sizeOf(file)) === bytes && (await sha256Of(file)) === sha256) return 'there'
  const part = `${file}.part`
  const before = await sizeOf(part)
  if (before < bytes) await fetchRest(wanted, part, before, options)
  const found = await sha256Of(part)
  if (found !== sha256) {
    await rm(part)
    throw failed(url, `has SHA-256 ${found}, expected ${sha256}`, 'The file was changed or replaced; nothing was kept.')
  }
  await rename(part, file)
  return 'pulled'
}

const fetchRest = async ({ url, bytes }: Wanted, part: string, before: number, options: PullOptions): Promise<void> => {
  const { onProgress = () => {}, stallMs = 30_000 } = options
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(new DOMException('stalled', 'TimeoutError')), stallMs)
  const signal = AbortSignal.any([stalled.signal, ...(options.signal ? [options.signal] : [])])
  const goOn = 'Run it again: it continues from there.'
  const offline = 'Check the connection, or fetch the file elsewhere and put it there by hand.'
  try {
    const headers = before > 0 ? { range: `bytes=${before}-` } : {}
    const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
      throw failed(url, `cannot be reached (${reasonOf(error)})`, offline, error)
    })
    if (!response.ok || !response.body) {
      await response.body?.cancel()
      throw failed(url, `answers ${response.status} ${response.statusText}`.trim(), offline)
    }
    // A server that does not support ranges sends the whole file.
    const from = response.status === 206 ? before : 0
    await makeDirectorySoon(dirname(part))
    const target = await open(part, from > 0 ? 'a' : 'w')
    let size = from
    try {
      for await (const chunk of response.body) {
        timer.refresh()
        size += chunk.length
        if (size > bytes) break
        await target.write(chunk)
        onProgress(size)
      }
    } catch (error) {
      throw failed(url, `broke off after ${size} of ${bytes} bytes (${reasonOf(error)})`, goOn, error)
    } finally {
      await target.close()
      if (size === 0 || size > bytes) await rm(part)
    }
    if (size > bytes) throw failed(url, `is larger than ${bytes} bytes`, 'The file was changed or replaced.')
    if (size < bytes) throw failed(url, `ended after ${size} of ${bytes} bytes`, goOn)
  } finally {
    clearTimeout(timer)
  }
}
