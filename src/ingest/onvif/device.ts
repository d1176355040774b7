import { RollcallError } from '../../errors.ts'
import type { Credentials } from '../camera-url.ts'
import { placeOf } from '../relay/target.ts'
import { type Profile, readProfiles } from './profiles.ts'
import { type SoapClient, soapClient } from './soap.ts'
import { elementAt, elementsNamed, textAt, type XmlElement } from './xml.ts'

/** What an ONVIF device says of itself. Texts are its own. */
export interface OnvifDevice {
  /** The address at which it has answered. */
  readonly address: string
  readonly manufacturer: string | null
  readonly model: string | null
  readonly firmware: string | null
  /** How far its clock is ahead of ours, milliseconds; null when it does not tell. */
  readonly clockAheadMs: number | null
  /** Streams that can be asked for, in its order. */
  readonly profiles: readonly Profile[]
  /** The other host that it names in its addresses, most likely its former one; null when there is none. */
  readonly otherHost: string | null
}

/** How a device is asked. */
export interface DeviceOptions {
  readonly credentials: Credentials | null
  readonly answerMs: number
  readonly nowMs: () => number
  /** Ends the asking, as if the device did not answer. */
  readonly signal?: AbortSignal
}

const device = 'http://www.onvif.org/ver10/device/wsdl'
const media1 = 'http://www.onvif.org/ver10/media/wsdl'
const media2 = 'http://www.onvif.org/ver20/media/wsdl'

/** No clock is later, and the login's time has four digits for its year. NaN is not below it either. */
const YEAR_10000_MS = Date.UTC(10_000, 0)
/** A device with several interfaces names each. */
const MOST_ADDRESSES = 4

/** An operation without parameters. */
const operation = (name: string, namespace: string, inner = ''): string =>
  `<${name} xmlns="${namespace}">${inner}</${name}>`

/**
 * Asks a device at the first of `addresses` that answers: its time first, because a login with another time is refused; what
 * it is; its profiles with their stream and snapshot URLs. Rejects with the RollcallError of the first address when none
 * answers, or when the login is refused.
 */
export const describeDevice = async (addresses: readonly string[], options: DeviceOptions): Promise<OnvifDevice> => {
  let first: unknown = null
  for (const address of addresses.slice(0, MOST_ADDRESSES)) {
    try {
      return await describeAt(address, options)
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error
      // It is the right device, and each try more may lock the user.
      if (error.code === 'CAMERA_UNAUTHORIZED') throw error
      first ??= error
    }
  }
  throw first ?? new RollcallError('CAMERA_UNREACHABLE', 'the device names no address')
}

const describeAt = async (address: string, options: DeviceOptions): Promise<OnvifDevice> => {
  let clockAheadMs: number | null = null
  const { nowMs } = options
  const open = soapClient({ ...options, credentials: null, clockAheadMs: () => 0 })
  const client = soapClient({ ...options, clockAheadMs: () => clockAheadMs ?? 0 })
  clockAheadMs = await clockOf(open, address, nowMs)
  const about = await orNull(client.call(address, operation('GetDeviceInformation', device)))
  const services = await servicesOf(client, address)
  const here = (url: string): string => atHost(url, address)
  const found = await profilesOf(client, services, here)
  const others = [...services.values(), ...found.named].map((url) => placeOf(url).host)
  return {
    address,
    manufacturer: about && textAt(about, 'Manufacturer'),
    model: about && textAt(about, 'Model'),
    firmware: about && textAt(about, 'FirmwareVersion'),
    clockAheadMs,
    profiles: found.profiles,
    otherHost: others.find((host) => host !== '' && host !== placeOf(address).host) ?? null,
  }
}

/** What a device refuses to tell is not needed; that it refuses the login is told. */
const orNull = async <T>(answer: Promise<T>): Promise<T | null> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof RollcallError && error.code === 'CAMERA_REFUSED') return null
    throw error
  }
}

/** Its clock minus ours. It is told to anybody (ONVIF Core 5.12); a device that wants a login first tells nothing. */
const clockOf = async (client: SoapClient, address: string, nowMs: () => number): Promise<number | null> => {
  try {
    const askedAtMs = nowMs()
    const answer = await client.call(address, operation('GetSystemDateAndTime', device))
    const waitedMs = nowMs() - askedAtMs
    const utc = elementAt(answer, 'SystemDateAndTime', 'UTCDateTime')
    if (utc === null) return null
    const number = (...path: readonly string[]): number => Number(textAt(utc, ...path) ?? Number.NaN)
    const atMs = Date.UTC(
      number('Date', 'Year'),
      number('Date', 'Month') - 1,
      number('Date', 'Day'),
      number('Time', 'Hour'),
      number('Time', 'Minute'),
      number('Time', 'Second'),
    )
    // It tells whole seconds: the middle of one is nearest.
    return atMs < YEAR_10000_MS ? Math.round(atMs + 500 - (askedAtMs + waitedMs / 2)) : null
  } catch (error) {
    if (error instanceof RollcallError && ['CAMERA_REFUSED', 'CAMERA_UNAUTHORIZED'].includes(error.code)) return null
    throw error
  }
}

/** The addresses of its services by namespace. Devices before ONVIF 2.1 know GetCapabilities only. */
const servicesOf = async (client: SoapClient, address: string): Promise<ReadonlyMap<string, string>> => {
  const listed = await orNull(
    client.call(address, operation('GetServices', device, '<IncludeCapability>false</IncludeCapability>')),
  )
  const services = (listed === null ? [] : elementsNamed(listed, 'Service')).flatMap(
    (service): readonly (readonly [string, string])[] => {
      const [namespace, url] = [textAt(service, 'Namespace'), textAt(service, 'XAddr')]
      return namespace !== null && isHttp(url) ? [[namespace, url]] : []
    },
  )
  if (services.some(([namespace]) => namespace === media1 || namespace === media2)) return new Map(services)
  const capabilities = await orNull(
    client.call(address, operation('GetCapabilities', device, '<Category>All</Category>')),
  )
  const url = capabilities && textAt(capabilities, 'Capabilities', 'Media', 'XAddr')
  return new Map(isHttp(url) ? [[media1, url]] : [])
}

const isHttp = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url) && URL.canParse(url)

/** Media2 first, because it alone tells of H.265; Media where that is not there, fails or has none. */
const profilesOf = async (
  client: SoapClient,
  services: ReadonlyMap<string, string>,
  here: (url: string) => string,
): Promise<{ readonly profiles: readonly Profile[]; readonly named: readonly string[] }> => {
  for (const namespace of [media2, media1]) {
    const url = services.get(namespace)
    if (url === undefined) continue
    const inner = namespace === media2 ? '<Type>All</Type>' : ''
    const answer: XmlElement | null = await orNull(client.call(here(url), operation('GetProfiles', namespace, inner)))
    const read = answer === null ? [] : await readProfiles(answer, { client, url: here(url), namespace, orNull })
    const named = read.flatMap(({ streamUrl, snapshotUrl }) => [streamUrl, snapshotUrl]).filter((each) => each !== null)
    const moved = (each: string | null): string | null => (each === null ? null : here(each))
    const profiles = read.map((profile) => ({
      ...profile,
      streamUrl: moved(profile.streamUrl),
      snapshotUrl: moved(profile.snapshotUrl),
    }))
    if (profiles.length > 0) return { profiles, named }
  }
  return { profiles: [], named: [] }
}

/** The same address on the host that has answered: what a device says of its own address may be old, or that of a NAT. */
const atHost = (url: string, answered: string): string => {
  const [, scheme = '', login = '', port = '', rest = ''] =
    /^(\w+:\/\/)((?:[^/?#]*@)?)(?:\[[^\]]*\]|[^:/?#]*)(:\d+)?(.*)$/s.exec(url) ?? []
  const host = /^\w+:\/\/(\[[^\]]*\]|[^:/?#]*)/.exec(answered)?.[1] ?? ''
  return `${scheme}${login}${host}${port}${rest}`
}
