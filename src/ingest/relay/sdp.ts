import type { CameraFailure } from '../camera-failure.ts'
import { codecs } from '../codecs.ts'
import type { Fragmenting } from './fragment.ts'
import { usableParameters } from './parameter-sets.ts'

/** RFC 3551 6: payload types that need no rtpmap. */
const known: Readonly<Record<string, string>> = { 26: 'JPEG', 28: 'NV', 31: 'H261', 32: 'MPV', 33: 'MP2T', 34: 'H263' }

const remedy = `Set its video to H.264 or H.265, or give the URL of another of its streams.`

const plain =
  'Switch SRTP off in the camera, or take the URL of its stream without it; with an rtsps:// URL packets are encrypted, too.'

/** The one video track that is asked for. */
export interface VideoTrack {
  /** A description of this track alone, in our own words: RFC 8866, with the control attribute `video`. */
  readonly sdp: string
  /** The camera's control attributes of the session and of the track; absent when it wrote none. */
  readonly control: { readonly session?: string; readonly track?: string }
  /** How its NAL units are cut into packets; null for other codecs, and where that cannot be seen. */
  readonly fragmenting: Fragmenting | null
}

interface Media {
  readonly kind: string
  readonly protocol: string
  readonly types: readonly string[]
  readonly lines: readonly string[]
}

/**
 * The first video of a camera's description that can be decoded; a failure when there is none. Sound and metadata are
 * not asked for. Cameras leave lines out, write them twice or wrongly, so only what is needed is read, and GStreamer gets
 * a description of ours.
 */
export const videoTrack = (sdp: string, place: string): VideoTrack | CameraFailure => {
  const { session, media } = read(sdp)
  const fail = (says: string): CameraFailure => ({
    code: 'CAMERA_FORMAT',
    says: `${place} ${says}`,
    remedy,
    retry: 'rarely',
  })
  if (media.length === 0) return fail('describes no stream')
  const videos = media.filter(({ kind }) => kind === 'video')
  if (videos.length === 0) {
    const kinds = [...new Set(media.map(({ kind }) => kind))]
    return fail(`sends no video, only ${kinds.join(' and ').slice(0, 60)}`)
  }
  const readable = videos.filter((video) => !isLocked(session, video))
  if (readable.length === 0)
    return { ...fail('sends encrypted packets (SRTP), whose key it does not hand over by MIKEY'), remedy: plain }
  for (const video of readable) {
    const format = formats(video, media).find(({ encoding }) => isRead(encoding))
    if (format === undefined) continue
    return {
      sdp: written(session, video, format),
      control: controlOf(session, video),
      fragmenting: fragmentingOf(video, format),
    }
  }
  const names = [...new Set(videos.flatMap((video) => formats(video, media)).map(({ encoding }) => encoding))]
  return fail(`sends ${names.join(', ').slice(0, 60) || 'an unknown encoding'}, which cannot be decoded here`)
}

const read = (sdp: string): { readonly session: readonly string[]; readonly media: readonly Media[] } => {
  const lines = sdp.split(/[\r\n\0]+/).map((line) => line.trim())
  const session: string[] = []
  const media: (Media & { lines: string[] })[] = []
  for (const line of lines) {
    const [, kind, protocol, types = ''] = /^m=(\S+)\s+\S+\s+(\S+)\s*(.*)$/.exec(line) ?? []
    if (kind !== undefined && protocol !== undefined) {
      media.push({ kind: kind.toLowerCase(), protocol, types: types.split(/\s+/).filter(Boolean), lines: [] })
    } else (media.at(-1)?.lines ?? session).push(line)
  }
  return { session, media }
}

/** The values of an attribute: `a=name:value`. */
const attributes = (lines: readonly string[], name: string): readonly string[] =>
  lines.flatMap((line) => {
    const [, key, value = ''] = /^a=([^:\s]+)\s*:?(.*)$/.exec(line) ?? []
    return key?.toLowerCase() === name ? [value.trim()] : []
  })

const controlOf = (session: readonly string[], { lines }: Media): VideoTrack['control'] => {
  const [whole] = attributes(session, 'control')
  const [own] = attributes(lines, 'control')
  return { ...(whole !== undefined && { session: whole }), ...(own !== undefined && { track: own }) }
}

interface Format {
  readonly type: string
  /** In upper case, as RTP names it. */
  readonly encoding: string
  readonly clockRate: string
  /** The text of `fmtp` without the payload type. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Names that cameras give what RTP calls otherwise. */
const otherNames: Readonly<Record<string, string>> = { 'H.264': 'H264', AVC: 'H264', 'H.265': 'H265', HEVC: 'H265' }

/** The formats of a track, in the camera's order. Parameters may stand at another payload type, or another track. */
const formats = ({ types, lines }: Media, media: readonly Media[]): readonly Format[] => {
  const maps = new Map(
    attributes(lines, 'rtpmap').flatMap((map) => {
      const [, type, name, clockRate] = /^(\d+)\s+([\w.+-]+)\/?(\d+)?/.exec(map) ?? []
      return type && name ? [[type, { name: name.toUpperCase(), clockRate: clockRate ?? '90000' }] as const] : []
    }),
  )
  const all = types.length > 0 ? types : [...maps.keys()]
  return all.flatMap((type) => {
    const parameters = parametersOf(type, lines, media)
    const name = maps.get(type)?.name ?? known[type] ?? inferred(parameters)
    if (name === undefined) return []
    return { type, encoding: otherNames[name] ?? name, clockRate: maps.get(type)?.clockRate ?? '90000', parameters }
  })
}

const parametersOf = (type: string, lines: readonly string[], media: readonly Media[]): ReadonlyMap<string, string> => {
  const of = (some: readonly string[]) => attributes(some, 'fmtp').map((text) => /^(\d+)\s*(.*)$/.exec(text) ?? [])
  const own = of(lines)
  const chosen =
    own.find(([, of, text]) => of === type && text) ??
    own.find(([, , text]) => text) ??
    media.flatMap((each) => of(each.lines)).find(([, of, text]) => of === type && /sprop-/.test(text ?? ''))
  const pairs = (chosen?.[2] ?? '').split(';').map((pair) => pair.trim())
  return new Map(
    pairs.filter(Boolean).map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [pair, ''] : [pair.slice(0, at).trim().toLowerCase(), pair.slice(at + 1).trim()]
    }),
  )
}

/** The encoding of a track without an rtpmap, by parameters that no other one has. */
const inferred = (parameters: ReadonlyMap<string, string>): string | undefined => {
  if (parameters.has('sprop-parameter-sets') || parameters.has('packetization-mode')) return 'H264'
  return parameters.has('sprop-sps') || parameters.has('sprop-vps') ? 'H265' : undefined
}

/** Encrypted packets cannot be read; decoding order numbers (`sprop-max-don-diff`) lie between fragments and payload. */
const fragmentingOf = ({ protocol }: Media, { encoding, parameters }: Format): Fragmenting | null => {
  if (isSecure(protocol) || Number(parameters.get('sprop-max-don-diff') ?? 0) !== 0) return null
  return encoding === 'H264' ? 'h264' : encoding === 'H265' ? 'h265' : null
}

const isRead = (encoding: string): boolean => codecs.some(({ rtp }) => rtp?.encoding.toUpperCase() === encoding)

/** Whether packets are encrypted: SRTP (RFC 3711). */
const isSecure = (protocol: string): boolean => /\bSAVPF?$/i.test(protocol)

/** Whether packets are encrypted (RFC 3711) with a key that GStreamer cannot get: it knows MIKEY (RFC 3830) only. */
const isLocked = (session: readonly string[], { protocol, lines }: Media): boolean =>
  isSecure(protocol) && attributes([...session, ...lines], 'key-mgmt').length === 0

/** Attributes that GStreamer makes use of. */
const kept = ['framerate', 'framesize', 'x-dimensions', 'extmap', 'rtcp-fb', 'key-mgmt']

const written = (session: readonly string[], { protocol, lines }: Media, format: Format): string => {
  const parameters = usableParameters(format.encoding, format.parameters)
  const [range] = [...attributes(lines, 'range'), ...attributes(session, 'range')]
  const secure = session.filter((line) => /^a=key-mgmt:/i.test(line))
  const out = [
    'v=0',
    'o=- 0 0 IN IP4 0.0.0.0',
    's=camera',
    't=0 0',
    ...secure,
    ...(range && /^(npt|clock)=/.test(range) ? [`a=range:${range}`] : []),
    `m=video 0 ${/^RTP\/(S?AVPF?)/i.exec(protocol)?.[0].toUpperCase() ?? 'RTP/AVP'} ${format.type}`,
    `a=rtpmap:${format.type} ${format.encoding}/${format.clockRate}`,
    ...(parameters.length > 0 ? [`a=fmtp:${format.type} ${parameters.join(';')}`] : []),
    ...kept.flatMap((name) => attributes(lines, name).map((value) => `a=${name}:${value}`)),
    'a=control:video',
  ]
  return out.map((line) => `${line}\r\n`).join('')
}
