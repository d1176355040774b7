import type { UnitStamp } from '../protocol.ts'
import { isInOrder, withoutReordering } from './sps.ts'

/** A decoded picture. Whoever gets it closes it. */
export interface DecodedPicture {
  readonly image: VideoFrame | ImageBitmap
  readonly stamp: UnitStamp
}

/** Decodes the units of one camera, in order. */
export interface Decoder {
  /**
   * The first unit is a key unit. With `isAlone` so is the next one: the picture comes at once, where decoders otherwise hold it
   * until the next key unit says that nothing comes before it.
   */
  decode(stamp: UnitStamp, data: Uint8Array<ArrayBuffer>, isAlone: boolean): void
  /** How many units wait. */
  readonly waiting: number
  close(): void
}

/** Who gets what a decoder makes. */
export interface DecoderDeps {
  readonly onPicture: (picture: DecodedPicture) => void
  /** It is closed, and a new one has to begin with a key unit. */
  readonly onFailure: (words: string) => void
}

/** Why this browser cannot decode the codec, for people; null when it can. */
export const whyNotDecoded = async (codec: string, encoding: UnitStamp['encoding']): Promise<string | null> => {
  if (encoding === 'jpeg') return null
  const name = encoding === 'h264' ? 'H.264' : 'H.265'
  if (typeof VideoDecoder === 'undefined') {
    const why = globalThis.isSecureContext
      ? 'this browser decodes no video'
      : 'browsers decode video on https:// or localhost only'
    return why
  }
  const { supported } = await VideoDecoder.isConfigSupported({ codec, optimizeForLatency: true }).catch(() => ({
    supported: false,
  }))
  return supported ? null : `stills: this browser does not decode ${name}`
}

/** Units whose order is watched before it is believed that a stream has no B-frames. */
const observedUnits = 30

/** Decodes by WebCodecs. */
const createVideoDecoder = (codec: string, { onPicture, onFailure }: DecoderDeps): Decoder => {
  const stamps = new Map<number, UnitStamp>()
  let isClosed = false
  /** Units that came in the order of their PTS so far; −1 after one that did not. */
  let inOrder = 0
  let lastPtsUs = Number.NEGATIVE_INFINITY
  const fail = (words: string): void => {
    if (isClosed) return
    close()
    onFailure(words)
  }
  const close = (): void => {
    isClosed = true
    if (decoder.state !== 'closed') decoder.close()
  }
  const decoder = new VideoDecoder({
    output: (image) => {
      const stamp = stamps.get(image.timestamp)
      stamps.delete(image.timestamp)
      if (stamp === undefined || isClosed) image.close()
      else onPicture({ image, stamp })
    },
    error: (error) => fail(error.message),
  })
  decoder.configure({ codec, optimizeForLatency: true })
  const note = ({ ptsUs, key }: UnitStamp): void => {
    if (inOrder >= 0) inOrder = ptsUs > lastPtsUs || key ? inOrder + 1 : -1
    lastPtsUs = ptsUs
  }
  return {
    decode: (stamp, data, isAlone) => {
      if (isClosed) return
      note(stamp)
      const { key, ptsUs, encoding } = stamp
      const mayRestrict = key && encoding === 'h264' && inOrder >= 0
      const bytes = mayRestrict && (inOrder > observedUnits || isInOrder(data)) ? withoutReordering(data) : data
      stamps.set(ptsUs, stamp)
      // What the decoder has left out never comes.
      if (stamps.size > 200) for (const [key] of stamps) if (stamps.size > 100) stamps.delete(key)
      try {
        decoder.decode(new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp: ptsUs, data: bytes }))
        // It rejects when the decoder is closed meanwhile; a failure is told by `error`.
        if (isAlone) decoder.flush().catch(() => undefined)
      } catch (error) {
        fail(String(error))
      }
    },
    get waiting() {
      return decoder.decodeQueueSize
    },
    close,
  }
}

/** Motion JPEG: each picture is whole. */
const createJpegDecoder = ({ onPicture }: DecoderDeps): Decoder => {
  let waiting = 0
  let isClosed = false
  let turn: Promise<void> = Promise.resolve()
  const decodeNow = async (stamp: UnitStamp, data: Uint8Array<ArrayBuffer>): Promise<void> => {
    const image = await createImageBitmap(new Blob([data], { type: 'image/jpeg' })).catch(() => null)
    waiting--
    if (isClosed) image?.close()
    else if (image !== null) onPicture({ image, stamp })
  }
  return {
    decode: (stamp, data) => {
      waiting++
      turn = turn.then(() => decodeNow(stamp, data))
    },
    get waiting() {
      return waiting
    },
    close: () => {
      isClosed = true
    },
  }
}

/** Makes a decoder; see `whyNotDecoded`. */
export const createDecoder = ({ codec, encoding }: UnitStamp, deps: DecoderDeps): Decoder =>
  encoding === 'jpeg' ? createJpegDecoder(deps) : createVideoDecoder(codec, deps)
