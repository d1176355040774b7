import { existsSync } from 'node:fs'
import { parse } from 'node:path'
import { plainName } from '../../config/cameras.ts'
import type { Config } from '../../config/config.ts'
import { inPlainWords } from '../../config/expectation.ts'
import { RollcallError } from '../../errors.ts'
import { shownUrl } from '../../ingest/camera-url.ts'
import { detailOptions } from '../../ingest/detail/open-detail.ts'
import { type CameraOptions, cameraOptions } from '../../ingest/options.ts'
import { nearestWord, printable } from '../../text.ts'
import { adviceFor, adviceWithout } from './advice.ts'
import { failedCamera } from './camera.ts'
import { pasteCameras } from './paste.ts'
import { configurationOf, pastedFrom, reportOf } from './report.ts'
import { type Unwatched, watchCamera } from './watch.ts'

/** Which camera is watched, and how. */
export interface OneCameraOptions {
  readonly config: Config
  readonly env: Readonly<Record<string, string | undefined>>
  readonly forMs: number
  readonly json: boolean
  /** Where the progress is shown. */
  readonly progress: NodeJS.WriteStream
  readonly signal: AbortSignal
}

/** What was found of one stream. */
interface Looked {
  readonly isGood: boolean
  /** In lines for people. */
  readonly text: string
  /** For programs. */
  readonly data: object
}

/**
 * Watches one camera and prints what it is, what it costs, and what to change about it; with a `detailUrl` that stream, too,
 * afterwards. `text` is the name of a configured camera, a URL or path, or NAME=URL. Resolves to 1 when a stream gives no
 * picture, else to 0. Throws USAGE.
 */
export const watchOneCamera = async (text: string, given: OneCameraOptions): Promise<number> => {
  const { name, options } = cameraOf(text, given)
  const isConfigured = Object.hasOwn(given.config.cameras, text)
  const first = await lookAt(name, options, { ...given, isConfigured })
  const second =
    options.detailUrl === null || given.signal.aborted
      ? null
      : await lookAt(`${name} (detailUrl)`, detailOptions(name, options), { ...given, isConfigured })
  if (given.json) {
    const configuration = first.isGood ? { configuration: pasteCameras([pastedFrom(name, options)]) } : {}
    console.log(JSON.stringify({ ...first.data, ...configuration, ...(second !== null && { detail: second.data }) }))
  } else {
    const parts = [first.text, ...(second === null ? [] : [second.text])]
    const block = first.isGood ? [configurationOf(name, options)] : []
    console.log([...parts, ...block].join('\n\n').split('\n').map(printable).join('\n'))
  }
  return first.isGood && (second?.isGood ?? true) ? 0 : 1
}

const lookAt = async (
  name: string,
  options: CameraOptions,
  given: OneCameraOptions & { readonly isConfigured: boolean },
): Promise<Looked> => {
  const found = await watchCamera(name, options, {
    forMs: given.forMs,
    onSecond: showWatching(given.progress, name, given.forMs),
    signal: given.signal,
  })
  if (given.progress.isTTY) given.progress.write('\r\x1b[2K')
  if ('reason' in found) return withoutPicture(name, found, given.isConfigured)
  const isBig = name.endsWith('(detailUrl)')
  // Of a big stream only single pictures are decoded.
  const advice = adviceFor(found, Date.now()).filter(({ change }) => !isBig || !change.includes('detailUrl'))
  return {
    isGood: true,
    text: reportOf(name, options, found, advice),
    data: { ok: true, camera: name, ...found, advice },
  }
}

const withoutPicture = (name: string, found: Unwatched, isConfigured: boolean): Looked => {
  const { verdict, what, detail, fix: remedy, data } = failedCamera(name, found)
  const fix = found.code === 'CAMERA_UNAUTHORIZED' && !isConfigured ? `${remedy} ${howToLogIn}` : remedy
  const advice = adviceWithout(found)
  const [first] = advice
  const lines = first === undefined ? [] : [`      ${first.quirk}`, `      → ${first.change}`]
  return {
    isGood: false,
    text: [`MISS  ${what}: ${detail}`, `      → ${fix}`, ...lines].join('\n'),
    data: { ok: false, verdict, what, detail, fix, data, advice },
  }
}

/** For a camera that stands in no configuration. */
const howToLogIn =
  'doctor takes them from ROLLCALL_CAMERA_USER and ROLLCALL_CAMERA_PASSWORD, for example: read -rs ROLLCALL_CAMERA_PASSWORD; export ROLLCALL_CAMERA_PASSWORD'

/** Shows once a second how long it still takes: on a terminal only. */
const showWatching =
  (stream: NodeJS.WriteStream, name: string, forMs: number) =>
  (units: number, sinceFrameMs: number | null): void => {
    if (!stream.isTTY) return
    const left = Math.max(0, Math.ceil((forMs - (sinceFrameMs ?? 0)) / 1000))
    const text = sinceFrameMs === null ? 'waiting for its first picture' : `${units} pictures, ${left} s left`
    stream.write(`\r\x1b[2Kcamera ${name}: ${text} …`)
  }

const cameraOf = (
  text: string,
  { config, env }: OneCameraOptions,
): { readonly name: string; readonly options: CameraOptions } => {
  if (Object.hasOwn(config.cameras, text)) return { name: text, options: config.cameras[text] as CameraOptions }
  const [, given, rest] = /^([A-Za-z0-9_.-]+)=(.+)$/s.exec(text) ?? []
  const isNamed = given !== undefined && plainName.safeParse(given).success
  const url = isNamed ? rest : text
  if (!isUrlOrFile(url)) throw unknownCamera(text, Object.keys(config.cameras))
  const name = isNamed ? given : nameFor(url)
  const result = cameraOptions.safeParse({ url, ...loginFrom(url, env) }, { error: inPlainWords })
  if (result.success) return { name, options: result.data }
  throw new RollcallError('USAGE', result.error.issues.map(({ message }) => message).join('; '))
}

/** A name for the block to paste: that of the file or host, or `camera-` and the last number of an address. */
export const nameFor = (url: string): string => {
  const host = /^\w+:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^:/?#]*)/.exec(url)?.[1]
  const number = /^\d+\.\d+\.\d+\.(\d+)$/.exec(host ?? '')?.[1]
  if (number !== undefined) return `camera-${number}`
  const text = (host || parse(url).name).split('.')[0] ?? ''
  return plainName.safeParse(text).success ? text : 'camera'
}

const isUrlOrFile = (text: string): boolean => /[/:.@]/.test(text) || existsSync(text)

/** The login of the environment, for a URL of the network that has none. */
const loginFrom = (url: string, env: OneCameraOptions['env']): object => {
  const { ROLLCALL_CAMERA_USER: user, ROLLCALL_CAMERA_PASSWORD: password } = env
  const takesIt = /^\s*(rtsps?|https?):\/\/[^/?#@]*([/?#]|$)/i.test(url)
  return takesIt && user !== undefined && user !== '' ? { user, password: password ?? '' } : {}
}

const unknownCamera = (text: string, names: readonly string[]): RollcallError => {
  const near = nearestWord(text, names)
  const there = names.length === 0 ? 'no camera is configured' : `there are ${names.join(', ')}`
  return new RollcallError(
    'USAGE',
    `rollcall doctor: there is no camera "${shownUrl(text)}"; ${near === null ? there : `did you mean ${near}?`}`,
    { remedy: 'Give a URL, the path of a file, or with --config the name of a camera.' },
  )
}
