import { z } from 'zod'
import { RollcallError } from '../../errors.ts'
import { mostPhotoBytes } from '../../photos/photo.ts'
import { peopleIn } from '../people/enroll-folder.ts'
import type { PhotoLibrary } from '../people/run-enroll.ts'

const facesPage = z.object({
  faces: z.array(z.object({ image_id: z.string().min(1), subject: z.string() })),
  total_pages: z.int().nonnegative(),
})

const pageSize = 500
/** More photos than any collection has: a server that never ends is none. */
const mostPages = 10_000
const patienceMs = 60_000

const apiRemedy =
  'Give the address of CompreFace, such as http://127.0.0.1:8000, and in COMPREFACE_API_KEY the key of its recognition service.'

const failure = (what: string, cause?: unknown): RollcallError =>
  new RollcallError('USAGE', `CompreFace ${what}`, { remedy: apiRemedy, cause })

/** The address with which all paths begin. Throws USAGE. */
const baseOf = (url: string): string => {
  const parsed = URL.parse(url)
  if (parsed?.username !== '' || parsed.password !== '' || parsed.search !== '')
    throw failure('has no such address: expected http://HOST:PORT, without user, password or query')
  return `${parsed.origin}${parsed.pathname.replace(/\/$/, '')}/api/v1/recognition/faces`
}

/** The body of an answer, at most `mostPhotoBytes`. Rejects with USAGE. */
const fetched = async (url: string, key: string): Promise<Uint8Array> => {
  try {
    const signal = AbortSignal.timeout(patienceMs)
    // A redirect would send the key elsewhere.
    const response = await fetch(url, { headers: { 'x-api-key': key }, redirect: 'error', signal })
    if (!response.ok) throw failure(`answered ${response.status}`)
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > mostPhotoBytes) throw failure(`sent more than ${mostPhotoBytes / 1024 ** 2} MiB`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (cause) {
    if (cause instanceof RollcallError) throw cause
    const { code, message } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException
    throw failure(`cannot be asked: ${code ?? message}`, cause)
  }
}

/** One page of the list. Rejects with USAGE. */
const pageOf = async (base: string, key: string, page: number): Promise<z.infer<typeof facesPage>> => {
  const bytes = await fetched(`${base}?page=${page}&size=${pageSize}`, key)
  try {
    return facesPage.parse(JSON.parse(Buffer.from(bytes).toString()))
  } catch (cause) {
    throw failure('sent no list of faces', cause)
  }
}

/** The collection of a running CompreFace, with the key of its recognition service. Rejects with USAGE. */
const collectionAt = async (url: string, key: string): Promise<PhotoLibrary> => {
  const base = baseOf(url)
  /** By subject; a photo is called `SUBJECT/IMAGE_ID`. */
  const files = new Map<string, string[]>()
  const urls = new Map<string, string>()
  for (let page = 0, pages = 1; page < Math.min(pages, mostPages); page++) {
    const { faces, total_pages } = await pageOf(base, key, page)
    pages = total_pages
    for (const { image_id, subject } of faces) {
      const file = `${subject}/${image_id}`
      const list = files.get(subject) ?? []
      list.push(file)
      files.set(subject, list)
      urls.set(file, `${base}/${encodeURIComponent(image_id)}/img`)
    }
  }
  if (files.size === 0) throw failure('has no faces in this collection')
  const read = async (file: string): Promise<Uint8Array> => {
    const bytes = await fetched(urls.get(file) ?? '', key)
    if (bytes.length > 0) return bytes
    throw new RollcallError('USAGE', 'has no picture any more', {
      remedy: 'CompreFace was told to keep embeddings only (save_images_to_db), which are of another model',
    })
  }
  return { people: [...files].map(([name, list]) => ({ name, place: name, files: list })), read }
}

/**
 * The face collection of CompreFace: of a running one by its URL, or a folder `SUBJECT/*.jpg`. `key` is for the URL. Rejects with
 * USAGE when it cannot be had, or nobody is in it.
 */
export const comprefaceLibrary = async (
  source: string,
  key: string | undefined,
  say: (line: string) => void,
): Promise<PhotoLibrary> => {
  if (!/^https?:\/\//i.test(source)) return { people: await peopleIn(source, say) }
  if (key === undefined || key === '') throw failure('asks for a key')
  return collectionAt(source, key)
}
