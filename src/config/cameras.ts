import { z } from 'zod'
import { type CameraOptions, cameraOptions } from '../ingest/options.ts'

/** What every object has. A table by name would find these where there is no such name. */
const reserved: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

/** A name that is nearest to a text and follows the rule; null when nothing of it is left. */
const suggestion = (text: string): string | null =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 64) || null

/**
 * The name of a site or camera. It stands as it is in IDs, in keys of Kafka, in labels of metrics, in URLs and in paths of
 * files, so what would have to be encoded in one of them is refused instead of being changed.
 */
export const plainName = z.string().superRefine((name, context) => {
  const fail = (message: string): void => context.addIssue({ code: 'custom', message, input: name })
  if (reserved.has(name)) return fail('is a word of the program; expected another name')
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(name) && !/^\.+$/.test(name)) return undefined
  const near = suggestion(name)
  return fail(
    `expected 1 to 64 letters (A-Z, a-z), digits, "_", "." and "-"${near === null ? '' : `, such as ${near}`}`,
  )
})

/** A camera is given as the keys of `cameraOptions`, or as its URL alone. */
const camera = z.preprocess((given) => (typeof given === 'string' ? { url: given } : given), cameraOptions)

/** The cameras by name. */
export const cameras = z.record(plainName, camera)

const { url: _, detailUrl: _detail, ...optional } = cameraOptions.shape

/** Keys of cameras without their defaults: what is not given stays absent. */
export const cameraDefaults = z.strictObject(
  Object.fromEntries(Object.entries(optional).map(([key, schema]) => [key, schema.unwrap().optional()])),
) as unknown as z.ZodType<Partial<Omit<CameraOptions, 'url' | 'detailUrl'>>>

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Puts `cameraDefaults` of a configuration under each of its cameras, before it is checked. */
export const withCameraDefaults = (config: unknown): unknown => {
  if (!isMap(config) || !isMap(config.cameras) || !isMap(config.cameraDefaults)) return config
  const { cameraDefaults: defaults } = config
  // Otherwise each camera would repeat what is wrong with them.
  if (!cameraDefaults.safeParse(defaults).success) return config
  const entries = Object.entries(config.cameras).map(([name, given]) => [name, underlaid(given, defaults)])
  return { ...config, cameras: Object.fromEntries(entries) }
}

const underlaid = (given: unknown, defaults: Readonly<Record<string, unknown>>): unknown => {
  const own = typeof given === 'string' ? { url: given } : given
  if (!isMap(own)) return own
  const { user, password, ...rest } = defaults
  const backoff = isMap(rest.backoff) && isMap(own.backoff) ? { backoff: { ...rest.backoff, ...own.backoff } } : {}
  return { ...(takesLogin(own.url) && { user, password }), ...rest, ...own, ...backoff }
}

/** Whether a camera of this URL needs a login from elsewhere: it is on the network, and its URL has none. */
const takesLogin = (url: unknown): boolean =>
  typeof url === 'string' && /^\s*(rtsps?|https?):\/\/[^/?#@]*([/?#]|$)/i.test(url)
