import type { SoapClient } from './soap.ts'
import { elementAt, elementsNamed, escapeXml, textAt, type XmlElement } from './xml.ts'

/** A stream that an ONVIF device offers. */
export interface Profile {
  readonly token: string
  readonly name: string
  /** The lens, or the channel of a recorder. */
  readonly source: string
  /** Such as `H264`; null when it is not told. */
  readonly encoding: string | null
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
  readonly kbitPerS: number | null
  /** Pictures from one key frame to the next. */
  readonly gop: number | null
  /** Null when the device does not give one. */
  readonly streamUrl: string | null
  readonly snapshotUrl: string | null
}

/** A recorder with 64 channels has twice as many. */
const MOST_PROFILES = 128

interface Asking {
  readonly client: SoapClient
  /** The address of the media service, and its namespace. */
  readonly url: string
  readonly namespace: string
  /** Null instead of what the device refuses to tell. */
  readonly orNull: <T>(answer: Promise<T>) => Promise<T | null>
}

/** The profiles with video of a GetProfiles answer, each with its URLs, which are asked for one after another. */
export const readProfiles = async (answer: XmlElement, asking: Asking): Promise<readonly Profile[]> => {
  const profiles: Profile[] = []
  for (const element of elementsNamed(answer, 'Profiles').slice(0, MOST_PROFILES)) {
    const profile = describeProfile(element)
    if (profile === null) continue
    profiles.push({
      ...profile,
      streamUrl: await uriOf(asking, 'GetStreamUri', profile.token),
      snapshotUrl: await uriOf(asking, 'GetSnapshotUri', profile.token),
    })
  }
  return profiles
}

/** Media has its configurations beside each other, Media2 below `Configurations`. Null for a profile without video. */
const describeProfile = (element: XmlElement): Omit<Profile, 'streamUrl' | 'snapshotUrl'> | null => {
  const { token } = element.attributes
  const encoder =
    elementAt(element, 'VideoEncoderConfiguration') ?? elementAt(element, 'Configurations', 'VideoEncoder')
  const source =
    textAt(element, 'VideoSourceConfiguration', 'SourceToken') ??
    textAt(element, 'Configurations', 'VideoSource', 'SourceToken')
  if (token === undefined || encoder === null) return null
  const number = (text: string | null | undefined): number | null => {
    const value = Number(text ?? Number.NaN)
    return Number.isFinite(value) && value > 0 ? value : null
  }
  return {
    token,
    name: textAt(element, 'Name') ?? token,
    source: source ?? '',
    encoding: textAt(encoder, 'Encoding'),
    width: number(textAt(encoder, 'Resolution', 'Width')),
    height: number(textAt(encoder, 'Resolution', 'Height')),
    fps: number(textAt(encoder, 'RateControl', 'FrameRateLimit')),
    kbitPerS: number(textAt(encoder, 'RateControl', 'BitrateLimit')),
    gop: number(textAt(encoder, 'H264', 'GovLength') ?? encoder.attributes.GovLength),
  }
}

const setup =
  '<StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></StreamSetup>'

const uriOf = async (
  { client, url, namespace, orNull }: Asking,
  name: 'GetStreamUri' | 'GetSnapshotUri',
  token: string,
): Promise<string | null> => {
  const isSecond = namespace.includes('/ver20/')
  const how = name === 'GetSnapshotUri' ? '' : isSecond ? '<Protocol>RTSP</Protocol>' : setup
  const inner = `${how}<ProfileToken>${escapeXml(token)}</ProfileToken>`
  const answer = await orNull(client.call(url, `<${name} xmlns="${namespace}">${inner}</${name}>`))
  const uri = answer && (textAt(answer, 'Uri') ?? textAt(answer, 'MediaUri', 'Uri'))
  return uri !== null && /^(rtsps?|https?):\/\/[^/]/i.test(uri) ? uri : null
}
