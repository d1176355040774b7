import { cameraSource } from '../../ingest/camera-source.ts'
import { shownUrl } from '../../ingest/camera-url.ts'
import { type CameraOptions, cameraOptions } from '../../ingest/options.ts'
import type { CameraId } from '../../types.ts'
import { type Advice, describeOffset, offsetOf } from './advice.ts'
import { type PastedCamera, pasteCameras } from './paste.ts'
import type { Watched } from './watch.ts'

/** What a camera sends, as pairs of what is meant and what was found. */
export const factsOf = (found: Watched): readonly (readonly [what: string, says: string])[] => {
  const rows: readonly (readonly [string, string | null])[] = [
    ['video', videoLine(found)],
    ['key frames', keyLine(found)],
    ['sent over', sentLine(found)],
    ['clock', clockLine(found)],
    ['loss', lossLine(found)],
    ['tracks', tracksLine(found)],
    ['decoder', decoderLine(found)],
    ['first frame', `after ${(found.firstFrameMs / 1000).toFixed(1)} s`],
  ]
  return rows.flatMap(([what, says]) => (says === null ? [] : [[what, says] as const]))
}

/** What `doctor` says of one stream of a camera, in lines for people. */
export const reportOf = (name: CameraId, options: CameraOptions, found: Watched, advice: readonly Advice[]): string => {
  const { url } = cameraSource(name, options, false)
  return [
    `camera ${name}: ${url.redacted}, watched for ${(found.watchedMs / 1000).toFixed(1)} s`,
    ...factsOf(found).map(([label, text]) => `  ${label.padEnd(12)} ${text}`),
    '',
    ...adviceLines(advice),
  ].join('\n')
}

const headings: Readonly<Record<Advice['where'], string>> = {
  camera: "In the camera's menu:",
  network: 'In its network:',
  configuration: "In Rollcall's configuration:",
  nowhere: 'Only to know:',
}

/** Each quirk, and what to change, in lines for people: by where that is done. */
const adviceLines = (advice: readonly Advice[]): readonly string[] =>
  advice.length === 0
    ? ['Nothing to change.']
    : Object.entries(headings).flatMap(([where, heading]) => {
        const here = advice.filter((each) => each.where === where)
        return here.length === 0 ? [] : [heading, ...here.map(({ quirk, change }) => `  ${quirk}\n      → ${change}`)]
      })

const videoLine = ({ video, width, height }: Watched): string => {
  const { codec, profile, level, fps, saidFps, bitsPerS } = video
  const details = [profile, level === null ? null : `level ${level}`].filter((each) => each !== null).join(', ')
  const rate = fps ?? saidFps
  return [
    `${codec ?? 'raw pictures'}${details === '' ? '' : ` (${details})`}`,
    `${width}×${height}`,
    ...(rate === null ? [] : [`${rate} frames/s`]),
    ...(bitsPerS === null ? [] : [bitRate(bitsPerS)]),
  ].join(', ')
}

const bitRate = (bitsPerS: number): string =>
  bitsPerS < 1e6 ? `${Math.round(bitsPerS / 1000)} kbit/s` : `${(bitsPerS / 1e6).toFixed(1)} Mbit/s`

const keyLine = ({ video, watchedMs }: Watched): string | null => {
  const { keyEveryMs, keys, units, fps } = video
  if (units === 0) return null
  if (keys === units) return 'every picture'
  if (keyEveryMs === null) return `${keys === 0 ? 'none' : keys} in ${(watchedMs / 1000).toFixed(1)} s`
  const pictures = fps === null ? '' : ` (${Math.round((keyEveryMs.median / 1000) * fps)} pictures)`
  return `every ${(keyEveryMs.median / 1000).toFixed(1)} s${pictures}`
}

const sentLine = ({ kind, transport, login, session }: Watched): string | null =>
  kind === 'file' || kind === 'v4l2'
    ? null
    : [
        transport ?? 'HTTP',
        login === null ? 'no login' : `login by ${login}`,
        ...(session?.server ? [`server "${session.server}"`] : []),
      ].join(', ')

const clockLine = ({ kind, rtp }: Watched): string | null => {
  if (kind !== 'rtsp' || rtp === null) return null
  const last = rtp.reports.at(-1)
  const drift =
    rtp.drift === null
      ? []
      : Math.abs(rtp.drift.ppm) > 2 * rtp.drift.exactPpm
        ? [`time stamps run ${Math.abs(rtp.drift.ppm / 10_000).toFixed(2)} % ${rtp.drift.ppm > 0 ? 'fast' : 'slow'}`]
        : [`no drift (within ${((2 * rtp.drift.exactPpm) / 10_000).toFixed(2)} %)`]
  const reports =
    last === undefined
      ? 'no sender reports'
      : `${rtp.reports.length} sender report${rtp.reports.length === 1 ? '' : 's'}, ${describeOffset(offsetOf(last))} ours`
  return [reports, ...drift].join(', ')
}

const lossLine = ({ rtp, kind, transport }: Watched): string | null =>
  rtp !== null
    ? `${rtp.lost} of ${rtp.packets + rtp.lost} packets`
    : kind === 'rtsp'
      ? `cannot be counted over ${transport}`
      : null

const tracksLine = ({ session }: Watched): string | null => {
  if (session === null) return null
  const tracks = session.tracks.map(({ kind, encoding, isBackchannel }) =>
    [isBackchannel ? 'backchannel' : kind, encoding].filter((each) => each !== null).join(' '),
  )
  return `${tracks.join(', ')}${tracks.length > 1 ? ' (only video is asked for)' : ''}`
}

const decoderLine = ({ cost }: Watched): string => {
  const { decoder, hardware, cpuMsPerFrame, coreShare, cores } = cost
  const name = decoder === null ? 'none (raw pictures)' : `${decoder}${hardware ? ' (hardware)' : ''}`
  return cpuMsPerFrame === null || coreShare === null
    ? name
    : `${name}, ${cpuMsPerFrame} ms of processor a frame: ${(100 * coreShare).toFixed(0)} % of one of ${cores} cores, before the models`
}

/** The block to paste for a camera, with a heading. */
export const configurationOf = (name: CameraId, options: CameraOptions): string =>
  ['For the configuration:', '', pasteCameras([pastedFrom(name, options)])].join('\n')

/** A camera as it would be written down: login in keys of its own, and what differs from the defaults. */
export const pastedFrom = (name: CameraId, options: CameraOptions): PastedCamera => {
  const { url } = cameraSource(name, options, false)
  const defaults: Readonly<Record<string, unknown>> = cameraOptions.parse({ url: options.url })
  const own = Object.entries(options).filter(
    ([key, value]) =>
      !['url', 'user', 'password'].includes(key) && JSON.stringify(value) !== JSON.stringify(defaults[key]),
  )
  const location = url.kind === 'file' ? url.path : url.kind === 'v4l2' ? `v4l2://${url.device}` : url.location
  return {
    name,
    url: location,
    user: url.credentials?.user ?? null,
    hasPassword: url.credentials !== null,
    more: { ...Object.fromEntries(own), ...(options.detailUrl !== null && { detailUrl: shownUrl(options.detailUrl) }) },
  }
}
