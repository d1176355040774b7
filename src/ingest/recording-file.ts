import { constants, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import type { typeOf } from '../../native/index.js'
import { RollcallError } from '../errors.ts'
import { namesAddresses, textIn, textKind, textWords } from '../text-kind.ts'
import { type Container, containerOf, foreignKind } from './containers.ts'

/** What a recording is, by its first bytes. */
export interface RecordingFile {
  /** The demuxer; null for an elementary stream. */
  readonly demux: string | null
  /** The file's caps. */
  readonly caps: string
}

/** What the type of a file is told from. GStreamer needs less than this for every format. */
const HEAD_BYTES = 1_048_576

/** The remedy for video in an encoding or a file that is not read here. */
export const convert = 'Convert it: ffmpeg -i FILE -c:v libx264 -pix_fmt yuv420p -an NEW.mp4'

/**
 * Looks at a recording before GStreamer does. Only a regular file that holds video in one of `containers` is opened;
 * anything else is named. Rejects with CAMERA_NOT_FOUND or CAMERA_FORMAT. Waits neither for a pipe nor for a device.
 */
export const inspectRecording = async (
  path: string,
  native: { readonly typeOf: typeof typeOf },
): Promise<RecordingFile> => {
  const head = await readHead(path)
  if (head.length === 0) throw notVideo(`${path} is empty`, 'Record or copy it again.')
  const { what, remedy, container, caps } = kindOf(head, native)
  if (container === null) throw notVideo(`${path} is ${what}, expected a video file`, remedy)
  return { demux: container.demux, caps }
}

const notVideo = (says: string, remedy: string): RollcallError => new RollcallError('CAMERA_FORMAT', says, { remedy })

/** Opened without waiting, because opening a pipe waits for its other end. What is no regular file is not read. */
const readHead = async (path: string): Promise<Uint8Array> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error) => {
    throw unopened(path, error)
  })
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw notRegular(path, stats)
    const head = new Uint8Array(Math.min(HEAD_BYTES, stats.size))
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    return head.subarray(0, bytesRead)
  } catch (error) {
    throw error instanceof RollcallError ? error : unopened(path, error)
  } finally {
    await file.close()
  }
}

const unopened = (path: string, error: unknown): RollcallError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [says, remedy] =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? [`there is no file ${path}`, 'Check the path; it is relative to where the program was started.']
      : code === 'EACCES' || code === 'EPERM'
        ? [`${path} cannot be read: no permission`, 'Give this user permission to read it.']
        : code === 'ENXIO'
          ? [`${path} is a socket, expected a video file`, 'Name the file that the video is recorded into.']
          : [`${path} cannot be read (${code})`, 'Check the disk that it is on.']
  return new RollcallError('CAMERA_NOT_FOUND', says, { remedy, cause: error })
}

const notRegular = (path: string, stats: Stats): RollcallError => {
  if (stats.isDirectory()) {
    return new RollcallError('CAMERA_NOT_FOUND', `${path} is a directory, expected a video file`, {
      remedy: 'Name one file; each recording is a camera of its own.',
    })
  }
  const what = stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device'
  const webcam = path.startsWith('/dev/video')
  const remedy = webcam ? `For a webcam write v4l2://${path}.` : 'Name the file that the video is recorded into.'
  return notVideo(`${path} is ${what}, expected a video file`, remedy)
}

interface Kind {
  /** In words; for a file that is not read. */
  readonly what: string
  readonly remedy: string
  readonly container: Container | null
  readonly caps: string
}

const refused = (what: string, remedy: string): Kind => ({ what, remedy, container: null, caps: '' })

const accepted = (caps: string): Kind => ({ what: '', remedy: '', container: containerOf(caps), caps })

const kindOf = (head: Uint8Array, { typeOf: detect }: { readonly typeOf: typeof typeOf }): Kind => {
  const text = textIn(head)
  if (text !== null) {
    const kind = textKind(text)
    return refused(kind ? textWords[kind] : 'text', kind && namesAddresses(kind) ? ofPlaylist : 'Check the path.')
  }
  const mark = ascii(head, 0)
  // Dahua's recorders export these.
  if (mark === 'DHAV') return refused('a Dahua recording (DAV)', 'Export it as MP4, or convert it with ffmpeg.')
  // A temporal delimiter: AV1 in its low-overhead format (AV1 specification, 5.2). GStreamer 1.22 does not know it.
  if (head[0] === 0x12 && head[1] === 0x00 && head[2] === 0x0a) return accepted('video/x-av1,stream-format=obu-stream')
  if (ascii(head, 4) === 'ftyp' && stills.has(ascii(head, 8)))
    return refused('a picture (HEIF or AVIF)', 'Check the path.')

  const caps = detect(head)
  if (caps === null) return refused('of an unknown format', convert)
  if (containerOf(caps) === null) {
    const what = foreignKind(caps) ?? `of a kind that is not read here (${caps.split(',', 1)[0]})`
    return refused(what, /picture|sound|text|archive|document|program/.test(what) ? 'Check the path.' : convert)
  }
  if (caps.startsWith('image/jpeg') && !hasTwoPictures(head)) return refused('a picture (JPEG)', 'Check the path.')
  return accepted(caps)
}

const ofPlaylist =
  'Name the video file itself. A stream that a server sends is a camera with an http:// or rtsp:// address.'

/** Major brands of pictures in the ISO file format (ISO 23008-12). */
const stills: ReadonlySet<string> = new Set([
  'heic',
  'heix',
  'heim',
  'heis',
  'mif1',
  'msf1',
  'avif',
  'avis',
  'hevc',
  'hevx',
])

const ascii = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))

/** Whether another JPEG follows the first. One that is larger than the head is taken for the first of several. */
const hasTwoPictures = (head: Uint8Array): boolean => {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  const end = bytes.indexOf(Buffer.from([0xff, 0xd9]), endOfHeader(bytes))
  if (end < 0) return head.length === HEAD_BYTES
  const next = bytes.indexOf(Buffer.from([0xff, 0xd8, 0xff]), end)
  return next >= 0 && next - end < 1024
}

/** Where the compressed data of a JPEG begin (ITU-T T.81, B.1): thumbnails in its header have ends of their own. */
const endOfHeader = (bytes: Buffer): number => {
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) at += 2 + bytes.readUInt16BE(at + 2)
  return at
}
