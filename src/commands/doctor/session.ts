import { headerValue, type RtspMessage } from '../../ingest/relay/rtsp-reader.ts'

/** What an RTSP camera says of itself. */
export interface SessionFound {
  /** The Server header; null without one. */
  readonly server: string | null
  readonly tracks: readonly Track[]
  /** Whether the description has the parameter sets of the first video track; null for encodings without any. */
  readonly parameterSets: boolean | null
  /** What is wrong with the description, for people. */
  readonly oddities: readonly string[]
}

/** One `m=` section of a session description (RFC 8866). */
export interface Track {
  readonly kind: string
  /** Such as `H264` or `PCMU`; null when it is not named. */
  readonly encoding: string | null
  /** Whether it takes sound instead of giving it (ONVIF backchannel). */
  readonly isBackchannel: boolean
}

const named: Readonly<Record<string, string>> = { 0: 'PCMU', 8: 'PCMA', 9: 'G722', 14: 'MPA', 26: 'JPEG', 33: 'MP2T' }
/** A camera has a handful. */
const mostTracks = 16

/** Reads the answer to DESCRIBE. Never throws, whatever it holds. */
export const describeSession = ({ headers, body }: RtspMessage): SessionFound => {
  const sdp = body.toString('utf8')
  const [head = '', ...sections] = sdp.split(/^(?=m=)/m)
  const video = sections.find((section) => section.startsWith('m=video'))
  const tracks = sections.slice(0, mostTracks).map(trackOf)
  return {
    server: headerValue(headers, 'server')?.slice(0, 80) ?? null,
    tracks,
    parameterSets: video === undefined ? null : hasParameterSets(video),
    oddities: odditiesOf(head, headers, video),
  }
}

const trackOf = (section: string): Track => {
  const [, kind = '?', type = ''] = /^m=(\w+) \S+ \S+ (\d+)/.exec(section) ?? []
  const mapped = /^a=rtpmap:\s*\d+\s+([\w.+-]+)/m.exec(section)?.[1]
  return {
    kind,
    encoding: mapped?.slice(0, 40) ?? named[type] ?? null,
    isBackchannel: /^a=sendonly\s*$/m.test(section),
  }
}

const hasParameterSets = (video: string): boolean | null => {
  if (/^a=rtpmap:\s*\d+\s+H264\b/im.test(video)) return /sprop-parameter-sets=[A-Za-z0-9+/]{4}/.test(video)
  if (/^a=rtpmap:\s*\d+\s+H265\b/im.test(video))
    return ['vps', 'sps', 'pps'].every((set) => new RegExp(`sprop-${set}=[A-Za-z0-9+/]{4}`).test(video))
  return null
}

const odditiesOf = (head: string, headers: RtspMessage['headers'], video: string | undefined): readonly string[] => {
  const base = headerValue(headers, 'content-base')
  return [
    ...(/^v=0\s*$/m.test(head) ? [] : ['no line v=0']),
    ...(/^o=/m.test(head) ? [] : ['no line o=']),
    ...((head.match(/^s=/gm)?.length ?? 0) > 1 ? ['several lines s='] : []),
    ...(video !== undefined && !/^a=control:/m.test(video) ? ['no control address for the video'] : []),
    ...(base !== undefined && !/^rtsps?:\/\/[^/]+/i.test(base) ? ['a Content-Base that is no address'] : []),
    ...(headerValue(headers, 'content-type') === undefined ? ['no Content-Type'] : []),
  ]
}
