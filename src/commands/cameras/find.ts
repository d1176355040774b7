import { isIP } from 'node:net'
import type { Config } from '../../config/config.ts'
import { describeError, RollcallError } from '../../errors.ts'
import { type Credentials, parseCameraUrl } from '../../ingest/camera-url.ts'
import { describeDevice, type OnvifDevice } from '../../ingest/onvif/device.ts'
import { discoverDevices, type FoundDevice } from '../../ingest/onvif/discovery.ts'
import { loginOf } from '../../ingest/options.ts'
import { placeOf } from '../../ingest/relay/target.ts'
import { camerasOf, type FoundCamera, titleOf } from './streams.ts'

/** A device that was found, and what it said when it was asked, or why it did not. */
export interface Answer {
  /** The host at which it was asked. */
  readonly host: string
  readonly title: string | null
  readonly device: OnvifDevice | null
  readonly cameras: readonly FoundCamera[]
  readonly user: string | null
  /** One line for people, and what to do; null when all went well. */
  readonly problem: { readonly code: string; readonly says: string; readonly remedy: string } | null
}

/** How cameras are looked for. */
export interface FindOptions {
  /** Addresses to ask without looking around first: HOST or HOST:PORT, or the URL of a device service. */
  readonly hosts: readonly string[]
  readonly forMs: number
  readonly answerMs: number
  /** The login of devices that are not in the configuration. */
  readonly credentials: Credentials | null
  /** Its cameras' logins are used for devices at the same address. */
  readonly config: Config
  /** Where the probe goes; see `discoverDevices`. */
  readonly target?: { readonly address: string; readonly port: number }
  readonly onProgress: (done: number, all: number) => void
  readonly signal?: AbortSignal
}

/** Devices that are asked at the same time. */
const AT_ONCE = 8

/**
 * Finds the ONVIF devices of the local network, or takes those of `hosts`, and asks each for its streams. A device that
 * fails is an answer, too. Sorted by address. `signal` ends it early, with what has answered. Throws USAGE for a wrong host.
 */
export const findCameras = async (options: FindOptions): Promise<readonly Answer[]> => {
  const given = options.hosts.map(deviceAt)
  const found = given.length > 0 ? given : await discoverDevices(options)
  const sorted = found.toSorted((a, b) => a.from.localeCompare(b.from, 'en', { numeric: true }))
  const answers: Answer[] = []
  const isStopped = (): boolean => options.signal?.aborted === true
  const waiting = [...sorted.entries()]
  options.onProgress(0, sorted.length)
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !isStopped(); next = waiting.shift()) {
      const [i, device] = next
      const answer = await ask(device, options)
      if (isStopped()) return
      answers[i] = answer
      options.onProgress(sorted.length - waiting.length, sorted.length)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  // Without the gaps of devices that were not asked to the end.
  return answers.flat()
}

const ask = async (found: FoundDevice, options: FindOptions): Promise<Answer> => {
  const credentials = loginFor(found, options)
  const host = hostName(found)
  const user = credentials?.user ?? null
  try {
    const { answerMs, signal } = options
    const asking = { credentials, answerMs, nowMs: Date.now, ...(signal && { signal }) }
    const device = await describeDevice(found.addresses, asking)
    const cameras = camerasOf(found, device)
    const title = titleOf(found, device)
    const { name: answered } = placeOf(device.address)
    return { host: answered, title, device, cameras, user, problem: cameras.length === 0 ? noStreams(host) : null }
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error
    const { code, message: says, remedy = '' } = error
    return { host, title: titleOf(found, null), device: null, cameras: [], user, problem: { code, says, remedy } }
  }
}

const noStreams = (host: string): Answer['problem'] => ({
  code: 'CAMERA_FORMAT',
  says: `${host} offers no stream over ONVIF`,
  remedy: 'Switch on a video profile in its ONVIF menu, or take the URL from its manual.',
})

const hostName = ({ from, addresses: [first = ''] }: FoundDevice): string => {
  const { host, name } = placeOf(first)
  return host === from || from === '' ? name : from
}

/** The device service of a host that a person has named. */
const deviceAt = (text: string): FoundDevice => {
  const url = /^https?:\/\//i.test(text) ? text : `http://${isIP(text) === 6 ? `[${text}]` : text}`
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || parsed.username !== '' || parsed.password !== '')
    throw new RollcallError(
      'USAGE',
      '--host: expected HOST, HOST:PORT or the URL of a device service, without a login',
      {
        remedy: 'for example --host 192.0.2.10:8000; the login is given with --user and ROLLCALL_CAMERA_PASSWORD',
      },
    )
  if (parsed.pathname === '/') parsed.pathname = '/onvif/device_service'
  return { endpoint: parsed.href, from: parsed.hostname, addresses: [parsed.href], scopes: [] }
}

/** That of a configured camera at the same address, else the one for all. */
const loginFor = (found: FoundDevice, { config, credentials }: FindOptions): Credentials | null => {
  for (const options of Object.values(config.cameras)) {
    try {
      const url = parseCameraUrl(options.url, { login: loginOf(options) })
      if (!('location' in url) || url.credentials === null) continue
      if (placeOf(url.location).host === found.from) return url.credentials
    } catch (error) {
      if (!(error instanceof RollcallError)) throw new Error(describeError(error), { cause: error })
    }
  }
  return credentials
}
