import type { PipelineEvent } from '../../native/index.js'
import { parseCaps } from './caps.ts'
import type { Decoding } from './codecs.ts'
import { isNoMedia } from './containers.ts'
import { formatName } from './format-name.ts'

/** What one connection has told of itself, in GStreamer's caps. Owned by the connection. */
export interface SeenStreams {
  /** The streams that were found, in order. */
  readonly streams: readonly string[]
  /** The format of the access units; null before the first. */
  readonly format: string | null
  /** Whether a frame was decoded. */
  readonly hasFrames: boolean
  /** Notes an event. Others than `stream`, `format` and `frame` mean nothing here. */
  note(event: PipelineEvent): void
  /** Whether none of the streams is video that is read here, and none will be: all are known, or it is a web page. */
  readonly isForeign: boolean
  /** Whether the access units have a pixel format that is not decoded here. */
  readonly isUndecodable: boolean
}

/** Nothing seen yet. */
export const createSeenStreams = (decoders: readonly Decoding[]): SeenStreams => {
  const streams: string[] = []
  let format: string | null = null
  let isForeign = false
  let hasFrames = false
  return {
    streams,
    get hasFrames() {
      return hasFrames
    },
    get format() {
      return format
    },
    get isForeign() {
      return isForeign
    },
    get isUndecodable() {
      return format !== null && !fitsAny(format, decoders)
    },
    note: (event) => {
      if (event.type === 'frame') hasFrames = true
      if (event.type === 'format') format = event.caps
      if (event.type !== 'stream') return
      if (event.caps === null) isForeign = streams.length > 0 && !streams.some((stream) => isRead(stream, decoders))
      else {
        streams.push(event.caps)
        if (isNoMedia(event.caps)) isForeign = true
      }
    },
  }
}

/** Whether a stream is in an encoding that one of the decoders reads. */
const isRead = (text: string, decoders: readonly Decoding[]): boolean => {
  const stream = parseCaps(text)
  const encoding = stream.fields.get('encoding-name')
  return decoders.some(({ codec: { rtp, caps } }) =>
    stream.name === 'application/x-rtp'
      ? rtp !== null && rtp.encoding === encoding
      : caps.split(';').some((pattern) => fits(stream, pattern)),
  )
}

const fitsAny = (format: string, decoders: readonly Decoding[]): boolean =>
  decoders.some(({ codec }) => codec.formats.some((pattern) => fits(parseCaps(format), pattern)))

/** Whether caps fit a pattern of caps. A field that they leave out fits, as for GStreamer. */
const fits = ({ name, fields }: ReturnType<typeof parseCaps>, pattern: string): boolean => {
  const wanted = parseCaps(pattern)
  if (wanted.name !== name) return false
  return [...wanted.fields].every(([field, values]) => {
    const value = fields.get(field)
    return value === undefined || values.replace(/[{}]/g, '').split(',').includes(value)
  })
}

/** Every stream in words, without repeats: `MPEG-2 and sound`. */
export const streamsInWords = (streams: readonly string[]): string => {
  const names = [...new Set(streams.map(formatName))]
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}
