import type { RtpFound } from './rtp.ts'
import type { Unwatched, Watched } from './watch.ts'

/** Something about a camera that costs pictures, time or certainty, and what to change. */
export interface Advice {
  readonly quirk: string
  readonly change: string
  /** Where the change is made; `nowhere`: it is good to know. */
  readonly where: 'camera' | 'network' | 'configuration' | 'nowhere'
}

const told = (where: Advice['where'], quirk: string, change: string): Advice => ({ quirk, change, where })

/** Decoding starts at key frames; farther apart, a loss or a late start blinds for as long. */
const LONG_GOP_MS = 4500
/** Less is the network's delay. */
const CLOCK_OFF_MS = 1000
const mostClockErrorMs = 10_000
const setGop =
  'Set the distance of key frames (GOP, I-frame interval) to 1–2 s, and switch off H.264+, H.265+, Smart Codec, Smart Stream or Zipstream.'
const setClock = 'Switch on NTP in its menu (date and time), with the same server as this machine.'

/** What to change at a camera, most important first. */
export const adviceFor = (found: Watched, nowMs: number): readonly Advice[] => [
  ...found.interruptions
    .slice(0, 3)
    .map((reason) =>
      told(
        'network',
        `interrupted while it was watched: ${reason}`,
        'Check its network, and whether it has too many viewers.',
      ),
    ),
  ...keyFrames(found),
  ...lossOf(found),
  ...clockOf(found, nowMs),
  ...videoOf(found),
  ...pictureOf(found),
  ...turnOf(found.rtp),
  ...sessionOf(found),
]

/** What may explain that there is no picture, where the reason does not name the distance of key frames itself. */
export const adviceWithout = ({ rtp, code, reason }: Unwatched): readonly Advice[] =>
  rtp === null || rtp.packets < 50 || code !== 'CAMERA_TIMEOUT' || reason.includes('GOP')
    ? []
    : [told('camera', `it sends (${rtp.packets} packets), but no whole key frame came`, setGop)]

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`

const keyFrames = ({ video, watchedMs, kind, interruptions }: Watched): readonly Advice[] => {
  const { keyEveryMs, keys, units } = video
  if (kind === 'file' || units === 0) return []
  if (keys === 0)
    return [
      told(
        'camera',
        `no key frame within ${seconds(watchedMs)} (smart codec, or a long GOP): pictures are damaged until one comes`,
        setGop,
      ),
    ]
  if (keyEveryMs === null)
    return keys <= 1 && watchedMs > LONG_GOP_MS && interruptions.length === 0
      ? [told('camera', `no second key frame within ${seconds(watchedMs)} (smart codec, or a long GOP)`, setGop)]
      : []
  if (keyEveryMs.most > LONG_GOP_MS)
    return [told('camera', `key frames up to ${seconds(keyEveryMs.most)} apart (smart codec, or a long GOP)`, setGop)]
  return keyEveryMs.most > 2 * keyEveryMs.least + 200
    ? [
        told(
          'nowhere',
          `key frames at changing distances, ${seconds(keyEveryMs.least)} to ${seconds(keyEveryMs.most)}`,
          'Nothing needs to be done; when distances grow later, switch its smart codec off.',
        ),
      ]
    : []
}

const lossOf = ({ rtp, transport }: Watched): readonly Advice[] =>
  rtp === null || rtp.lost === 0
    ? []
    : [
        told(
          'network',
          `${rtp.lost} of ${rtp.packets + rtp.lost} packets missing, over ${transport}`,
          'The camera drops what it cannot send: lower its bit rate, or check its network (wireless, cable).',
        ),
      ]

const clockOf = (found: Watched, nowMs: number): readonly Advice[] => {
  const { rtp } = found
  if (found.kind !== 'rtsp' || rtp === null) return []
  const last = rtp.reports.at(-1)
  if (last === undefined)
    return [told('camera', 'no sender reports, so frames carry the time of their arrival', setClock)]
  const offsetMs = offsetOf(last)
  return [
    ...(Math.abs(offsetMs) > CLOCK_OFF_MS
      ? [
          told(
            'camera',
            `its clock is ${describeOffset(offsetMs)} ours${Math.abs(offsetMs) > mostClockErrorMs ? ` (${yearsOf(last.ntpAtMs, nowMs)}), so it is not used` : ''}`,
            setClock,
          ),
        ]
      : []),
    ...driftOf(rtp),
    ...(rtp.jumpS === 0
      ? []
      : [told('camera', `its time stamps jumped by ${rtp.jumpS} s`, 'Update its firmware; Rollcall goes on.')]),
  ]
}

const yearsOf = (ntpAtMs: number, nowMs: number): string =>
  Math.abs(ntpAtMs - nowMs) > 1e14 ? 'no possible date' : new Date(ntpAtMs).toISOString().slice(0, 16)

/** Positive: the camera's clock is ahead of ours. */
export const offsetOf = ({ ntpAtMs, arrivedAtMs }: RtpFound['reports'][number]): number =>
  Math.round(ntpAtMs - arrivedAtMs)

/** Such as `1.2 s behind`. */
export const describeOffset = (offsetMs: number): string => {
  const size = Math.abs(offsetMs)
  const text = size < 1000 ? `${size} ms` : size < 600_000 ? seconds(size) : `${Math.round(size / 360_000) / 10} h`
  return `${text} ${offsetMs < 0 ? 'behind' : 'ahead of'}`
}

const driftOf = ({ drift }: RtpFound): readonly Advice[] =>
  drift === null || Math.abs(drift.ppm) <= 2 * drift.exactPpm
    ? []
    : [
        told(
          'camera',
          `its time stamps run ${Math.abs(drift.ppm / 10_000).toFixed(2)} % ${drift.ppm > 0 ? 'fast' : 'slow'}`,
          'Rollcall follows its sender reports; with none, update its firmware.',
        ),
      ]

const videoOf = ({ video, kind }: Watched): readonly Advice[] => {
  const { reordered, fps, saidFps } = video
  return [
    ...(reordered > 0 && kind !== 'file'
      ? [
          told(
            'camera',
            'B-frames: pictures come later than they need to',
            'Set B-frames to 0, or the profile to Baseline or Main without B-frames.',
          ),
        ]
      : []),
    ...(fps !== null && saidFps !== null && Math.abs(fps - saidFps) > 0.15 * saidFps
      ? [
          told(
            'camera',
            `it says ${saidFps} frames/s and sends ${fps}`,
            'At night many lower the rate by themselves (slow shutter); set a fixed rate where that matters.',
          ),
        ]
      : []),
  ]
}

const pictureOf = ({ picture, width, height, kind }: Watched): readonly Advice[] => [
  ...(picture.black ? [told('camera', 'the picture is black', 'Check the lens cover and its night mode.')] : []),
  ...(picture.unchanged && !picture.black && kind !== 'file'
    ? [
        told(
          'camera',
          'every picture is the very same',
          'A still scene of a real lens has noise: check that it is no test picture and not frozen.',
        ),
      ]
    : []),
  ...(width * height > 2560 * 1440
    ? [
        told(
          'configuration',
          `${width}×${height} is much to decode`,
          'Give the small stream as url and this one as detailUrl: only faces are decoded from it.',
        ),
      ]
    : []),
]

/** Pictures are turned by the configuration only. */
const turnOf = (rtp: RtpFound | null): readonly Advice[] => {
  const by = rtp?.turnedBy ?? 0
  return by === 0
    ? []
    : [
        told(
          'configuration',
          `its stream says that pictures are to be turned by ${by}° (display orientation), which Rollcall does not do by itself`,
          `Set rotate: ${by}, unless the picture in the viewer is upright.`,
        ),
      ]
}

const sessionOf = ({ session, rtp, login, transport }: Watched): readonly Advice[] => [
  ...(login === 'Basic' && transport?.startsWith('TLS') !== true
    ? [
        told(
          'camera',
          'it takes the password in clear (Basic), which everybody on the network can read',
          'Set its RTSP authentication to Digest, or use rtsps://.',
        ),
      ]
    : []),
  ...(session?.parameterSets === false
    ? [
        told(
          'nowhere',
          'its description lacks parameter sets, so the picture comes with the first key frame that has them',
          'Nothing needs to be done.',
        ),
      ]
    : []),
  ...[...(session?.oddities ?? []).map((odd) => `${odd} in its description`), ...packetOddities(rtp)].map((quirk) =>
    told('nowhere', quirk, 'Nothing needs to be done: Rollcall reads it.'),
  ),
]

const packetOddities = (rtp: RtpFound | null): readonly string[] => {
  if (rtp === null) return []
  const markers: Readonly<Record<RtpFound['marker'], string | null>> = {
    good: null,
    'every packet': 'the marker bit on every packet',
    never: 'no marker bit on any packet',
    'inside pictures': 'the marker bit inside pictures (on parameter sets)',
  }
  return [
    ...(markers[rtp.marker] === null ? [] : [markers[rtp.marker] ?? '']),
    ...(rtp.startCodes > 0 ? ['start codes (Annex B) inside RTP packets'] : []),
    ...(rtp.wholeFragments > 0 ? ['fragments that begin and end in one packet'] : []),
    ...(rtp.disordered > 0 ? [`${rtp.disordered} packets late or twice`] : []),
    ...(rtp.badReports > 0 ? ['malformed RTCP reports'] : []),
  ]
}
