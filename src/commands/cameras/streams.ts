import type { OnvifDevice } from '../../ingest/onvif/device.ts'
import type { FoundDevice } from '../../ingest/onvif/discovery.ts'
import type { Profile } from '../../ingest/onvif/profiles.ts'

/** One lens or channel: the stream to analyse, and the larger one for faces. */
export interface FoundCamera {
  readonly name: string
  readonly url: Profile
  /** Null when there is no larger one. */
  readonly detail: Profile | null
  readonly snapshotUrl: string | null
}

/** Faces are found in pictures of about 640 × 360; much smaller ones show none. */
const ENOUGH_WIDTH = 480

const pixels = ({ width, height }: Profile): number => (width ?? 0) * (height ?? 0)

/**
 * The cameras of a device: its profiles by video source, each with the smallest stream that is wide enough to be analysed,
 * and the largest one for faces. JPEG is taken only where there is nothing else.
 */
export const camerasOf = (found: Pick<FoundDevice, 'scopes' | 'from'>, device: OnvifDevice): readonly FoundCamera[] => {
  const usable = device.profiles.filter(({ streamUrl }) => streamUrl !== null)
  const sources = [...new Set(usable.map(({ source }) => source))]
  const base = deviceName(found, device)
  return sources.flatMap((source, i): readonly FoundCamera[] => {
    const all = usable.filter((profile) => profile.source === source)
    const films = all.filter(({ encoding }) => !/jpe?g/i.test(encoding ?? ''))
    const sorted = (films.length > 0 ? films : all).toSorted((a, b) => pixels(a) - pixels(b))
    const largest = sorted.at(-1)
    if (largest === undefined) return []
    const url = sorted.find(({ width }) => width === null || width >= ENOUGH_WIDTH) ?? largest
    const detail = pixels(largest) > pixels(url) ? largest : null
    const name = sources.length > 1 ? `${base}-${i + 1}` : base
    const snapshotUrl = (detail ?? url).snapshotUrl ?? url.snapshotUrl
    return [{ name, url, detail, snapshotUrl }]
  })
}

/** Scopes are percent-encoded; a broken one stays as it is. */
const scope = (scopes: readonly string[], kind: string): string | null => {
  const found = scopes.find((each) => each.toLowerCase().startsWith(`onvif://www.onvif.org/${kind}/`))
  const text = found?.slice(`onvif://www.onvif.org/${kind}/`.length)
  if (!text) return null
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What people call it: its name of ONVIF, else manufacturer and model. */
export const titleOf = ({ scopes }: Pick<FoundDevice, 'scopes'>, device: OnvifDevice | null): string | null => {
  const made = [device?.manufacturer, device?.model].filter(Boolean).join(' ')
  return scope(scopes, 'name') ?? (made === '' ? scope(scopes, 'hardware') : made)
}

/** A camera's name in the configuration, with the last number of its address, because many devices are called the same. */
const deviceName = (found: Pick<FoundDevice, 'scopes' | 'from'>, device: OnvifDevice): string => {
  const title = (titleOf(found, device) ?? 'camera')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  const number = /\.(\d+)$/.exec(found.from)?.[1]
  return [title || 'camera', ...(number === undefined ? [] : [number])].join('-')
}
