import type { ParameterSets } from './annex-b.ts'
import type { LoopCodec, NalCodec } from './loop.ts'
import { payloadType as usual } from './rtp.ts'

/** What a session description says of a camera. */
export interface Description {
  readonly codec: LoopCodec
  readonly parameterSets: ParameterSets
  readonly fps: number
  readonly name: string
  /** The server's address as the client sees it. */
  readonly address: string
  readonly sessionId: number
  /** `trackID=0`, or an absolute URL as many cameras write. */
  readonly control: string
  /** It defaults to 96. */
  readonly payloadType?: number | undefined
}

/**
 * The session description of one video track, line by line: RFC 8866, RFC 2326 appendix C, RFC 6184 8.2, RFC 7798 7.1, RFC 2435.
 */
export const describeMedia = (media: Description): readonly string[] => {
  const { payloadType = usual } = media
  const family = media.address.includes(':') ? 'IP6' : 'IP4'
  return [
    'v=0',
    `o=- ${media.sessionId} 1 IN ${family} ${media.address}`,
    `s=${media.name}`,
    `c=IN ${family} ${family === 'IP6' ? '::' : '0.0.0.0'}`,
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${media.codec.toUpperCase()}/90000`,
    ...(media.codec === 'jpeg' ? [] : [`a=fmtp:${payloadType} ${formatParameters(media.codec, media.parameterSets)}`]),
    `a=framerate:${Number(media.fps.toFixed(3))}`,
    `a=control:${media.control}`,
  ]
}

/** The text of a description. */
export const formatDescription = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('')

const formatParameters = (codec: NalCodec, { vps, sps, pps }: ParameterSets): string => {
  const base64 = (nals: readonly Uint8Array[]) => nals.map((nal) => Buffer.from(nal).toString('base64')).join(',')
  if (codec === 'h265') return `sprop-vps=${base64(vps)};sprop-sps=${base64(sps)};sprop-pps=${base64(pps)}`
  // profile_idc, constraint flags, level_idc: the three bytes after the NAL header of the first SPS.
  const profile = Buffer.from(sps[0].subarray(1, 4)).toString('hex')
  return `packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${base64([...sps, ...pps])}`
}
