import { readFileSync } from 'node:fs'
import { pcmLoop } from '../../simulator/footage/pcm-loop.ts'
import type { Loop } from '../../simulator/loop.ts'
import type { Quirks } from '../../simulator/quirks.ts'
import type { Payload } from '../../simulator/rtp.ts'
import { gstLaunch } from './gst.ts'

/** How GStreamer encodes, and unpacks the parts of, a codec that the simulator does not know: 25 pictures a group. */
const lines = {
  VP8: { elements: ['vp8enc', 'rtpvp8pay'], encode: 'vp8enc deadline=1 keyframe-max-dist=25', pay: 'rtpvp8pay' },
  VP9: {
    elements: ['vp9enc', 'rtpvp9pay'],
    encode: 'vp9enc deadline=1 cpu-used=8 keyframe-max-dist=25',
    pay: 'rtpvp9pay',
  },
  'MPEG-4': {
    elements: ['avenc_mpeg4', 'rtpmp4vpay'],
    encode: 'avenc_mpeg4 gop-size=25 bitrate=1500000',
    pay: 'rtpmp4vpay',
  },
  'Motion JPEG': { elements: ['jpegenc', 'rtpjpegpay'], encode: 'jpegenc quality=50', pay: 'rtpjpegpay' },
} as const

export type RtpCodec = keyof typeof lines
export const rtpCodecs = Object.keys(lines) as readonly RtpCodec[]
/** The GStreamer elements that make its packets. */
export const elementsOf = (codec: RtpCodec): readonly string[] => lines[codec].elements

/** Pictures for a simulated camera that sends a codec as GStreamer packs it. */
export interface RtpLoop {
  /** The same pictures in a file, for Matroska. */
  readonly file: string
  readonly loop: Loop
  readonly quirks: Quirks
}

/** The payloads of each picture, from packets behind their lengths (RFC 4571). The last packet of a picture has the marker. */
const picturesOf = (stream: Buffer): readonly (readonly Payload[])[] => {
  const pictures: Payload[][] = [[]]
  for (let at = 0; at < stream.length; ) {
    const packet = stream.subarray(at + 2, at + 2 + stream.readUInt16BE(at))
    at += 2 + packet.length
    pictures.at(-1)?.push({ prefix: new Uint8Array(), body: packet.subarray(12 + 4 * (packet[0] & 15)) })
    if ((packet[1] & 0x80) !== 0 && at < stream.length) pictures.push([])
  }
  return pictures
}

/**
 * Encodes a zone plate of 320×240, 50 pictures a second, no two of them alike, each of them several packets long. The loop's own units are
 * placeholders: the quirks put the true packets in their place.
 */
export const makeRtpLoop = async (codec: RtpCodec, pictures: number, file: string): Promise<RtpLoop> => {
  const { encode, pay } = lines[codec]
  const source = `videotestsrc num-buffers=${pictures} pattern=zone-plate kx2=20 ky2=20 kt=5 kt2=1`
  const { code, out, errors } = await gstLaunch(
    `${source} ! video/x-raw,format=I420,width=320,height=240,framerate=50/1 ! ${encode} ! tee name=t ` +
      `t. ! queue max-size-buffers=0 max-size-bytes=0 max-size-time=0 ! matroskamux ! filesink location=${file} ` +
      `t. ! queue max-size-buffers=0 max-size-bytes=0 max-size-time=0 ! ${pay} mtu=500 pt=96 ! rtpstreampay ! filesink location=${file}.rtp`,
    60_000,
  )
  if (code !== 0) throw new Error(errors)
  const payloads = picturesOf(readFileSync(`${file}.rtp`))
  const config = /config=\(string\)(\w+)/.exec(out)?.[1]
  const name = { VP8: 'VP8', VP9: 'VP9', 'MPEG-4': 'MP4V-ES', 'Motion JPEG': 'JPEG' }[codec]
  return {
    file,
    loop: pcmLoop({ frames: payloads.length, fps: 50, keyEvery: 25 }),
    quirks: {
      sdp: (described) =>
        described.flatMap((line) => {
          if (line.startsWith('a=rtpmap:')) return `a=rtpmap:96 ${name}/90000`
          if (!line.startsWith('a=fmtp:')) return line
          return config === undefined ? [] : `a=fmtp:96 profile-level-id=1;config=${config}`
        }),
      rtp: { payloads: (_, { index }) => payloads[index] ?? [] },
    },
  }
}
