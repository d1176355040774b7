import { parseCameraUrl, shownUrl } from '../../ingest/camera-url.ts'
import type { Profile } from '../../ingest/onvif/profiles.ts'
import { printable } from '../../text.ts'
import { describeOffset } from '../doctor/advice.ts'
import { type PastedCamera, pasteCameras } from '../doctor/paste.ts'
import type { Answer } from './find.ts'

/** A login with another time is refused by many devices, and events get wrong times. */
const CLOCK_OFF_MS = 5000

/** The login that was given for all devices. */
export interface SharedLogin {
  readonly user: string
  /** The environment variable that holds its password. */
  readonly variable: string
}

/** What was found, for people: each device with its streams, and then the block for the configuration. */
export const printAnswers = (answers: readonly Answer[], shared: SharedLogin | null): string => {
  const good = answers.flatMap((answer) => pastedFrom(answer, shared))
  return [
    ...answers.flatMap(linesOf),
    ...(good.length === 0 ? [] : ['', 'For the configuration:', '', pasteCameras(unique(good))]),
  ].join('\n')
}

const linesOf = ({ host, title, device, cameras, problem }: Answer): readonly string[] =>
  [
    `${host}${title === null ? '' : `  ${title}`}`,
    ...(device?.firmware ? [`  firmware ${device.firmware}`] : []),
    ...(device?.clockAheadMs != null && Math.abs(device.clockAheadMs) > CLOCK_OFF_MS
      ? [`  its clock is ${describeOffset(device.clockAheadMs)} ours`, '      → Switch on NTP in its menu.']
      : []),
    ...(device?.otherHost
      ? [`  it calls itself ${device.otherHost}, most likely its former address; the one where it answered is taken`]
      : []),
    ...cameras.flatMap(({ detail, url, snapshotUrl }) => [
      ...(detail === null ? [] : [`  main      ${profileLine(detail)}`]),
      `  ${detail === null ? 'stream' : 'sub   '}    ${profileLine(url)}`,
      ...(snapshotUrl === null ? [] : [`  snapshot  ${shownUrl(snapshotUrl)}`]),
    ]),
    ...(problem === null ? [] : [`  ${problem.says}`, `      → ${problem.remedy}`]),
  ].map(printable)

const profileLine = ({ encoding, width, height, fps, gop, kbitPerS, streamUrl }: Profile): string =>
  [
    encoding ?? 'unknown encoding',
    ...(width === null || height === null ? [] : [`${width}×${height}`]),
    ...(fps === null ? [] : [`${fps} frames/s`]),
    ...(gop === null ? [] : [`GOP ${gop}`]),
    ...(kbitPerS === null ? [] : [`${kbitPerS} kbit/s`]),
    shownUrl(streamUrl ?? ''),
  ].join('  ')

/** The cameras of a device as blocks: the small stream as `url`, the large one as `detailUrl`. */
const pastedFrom = ({ cameras, user }: Answer, shared: SharedLogin | null): readonly PastedCamera[] =>
  cameras.map(({ name, url, detail }) => ({
    name,
    url: withoutLogin(url.streamUrl ?? ''),
    user,
    hasPassword: user !== null,
    ...(shared !== null && shared.user === user && { passwordVariable: shared.variable }),
    more: detail?.streamUrl ? { detailUrl: withoutLogin(detail.streamUrl) } : {},
  }))

/** Some devices write the login that was used into their addresses. */
const withoutLogin = (url: string): string => {
  try {
    const parsed = parseCameraUrl(url)
    return 'location' in parsed ? parsed.location : url
  } catch {
    return shownUrl(url)
  }
}

/** Two devices may be called the same. */
const unique = (cameras: readonly PastedCamera[]): readonly PastedCamera[] => {
  const taken = new Map<string, number>()
  return cameras.map((camera) => {
    const count = (taken.get(camera.name) ?? 0) + 1
    taken.set(camera.name, count)
    return count === 1 ? camera : { ...camera, name: `${camera.name}-${count}` }
  })
}
