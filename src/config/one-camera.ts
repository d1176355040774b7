import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import { parseCameraUrl, shownUrl } from '../ingest/camera-url.ts'
import { type CameraOptions, cameraOptions } from '../ingest/options.ts'
import { nearestWord } from '../text.ts'
import { type cameraDefaults, plainName } from './cameras.ts'
import { inPlainWords } from './expectation.ts'

/** The keys of a camera as somebody has given them: no defaults. It may hold a password. */
export type GivenCamera = Readonly<Record<string, unknown>>

/** What `cameraDefaults` of a configuration gives to each camera. */
export type CameraDefaults = z.infer<typeof cameraDefaults>

/** Instead of what the configuration can have in their place (`${NAME}`): over HTTP a value is taken as it is. */
const saidOfSecrets: Readonly<Record<string, string>> = {
  url: 'Where the pictures come from: rtsp://, rtsps://, http://, https:// (HLS, Motion JPEG, a JPEG snapshot or a video file), v4l2:///dev/video0, file:// or a plain path. A login may stand before the host, percent-encoded: it is kept as user and password.',
  password: 'Its password, as it is, whatever characters it has. It is never shown again.',
}

/**
 * JSON Schema of a camera's keys over HTTP, for the OpenAPI document. It has no defaults: generated clients would send them, over
 * what `cameraDefaults` or the camera itself says.
 */
export const cameraJsonSchema = (): object => {
  const schema = z.toJSONSchema(cameraOptions, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => void delete jsonSchema.default,
  })
  const properties = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const description = saidOfSecrets[key]
    return [key, description === undefined ? value : { ...(value as object), description }]
  })
  return { ...schema, properties: Object.fromEntries(properties) }
}

const usage = (message: string, remedy: string): RollcallError => new RollcallError('USAGE', message, { remedy })

/** Checks the name of a camera. Throws USAGE, with a name that would do where there is one. */
export const checkCameraName = (name: unknown): string => {
  const result = plainName.safeParse(name, { error: inPlainWords })
  if (result.success) return result.data
  throw usage(`name: ${result.error.issues.map(({ message }) => message).join('; ')}`, 'Give the camera another name.')
}

/**
 * The camera that `given` describes over `defaults`, with every key. `${NAME}` means nothing here: what comes over the network
 * must not read the environment. Throws USAGE, which lists every mistake by its key and repeats no value that may be a secret.
 */
export const readCamera = (name: string, given: GivenCamera, defaults: CameraDefaults): CameraOptions => {
  // A login of the configuration is for its own cameras: it would be sent to whatever host is given here.
  const { user: _user, password: _password, backoff, ...rest } = defaults as GivenCamera
  const own = given.backoff
  const both = isMap(backoff) && isMap(own) ? { ...backoff, ...own } : (own ?? backoff)
  const whole = { ...rest, ...given, ...(both !== undefined && { backoff: both }) }
  const result = cameraOptions.safeParse(whole, { error: inPlainWords })
  if (result.success) return result.data
  const mistakes = result.error.issues.flatMap(mistakesOf)
  throw usage(
    `camera ${name}: ${mistakes.join('; ')}`,
    'Correct what is named; rollcall.example.yaml explains each key.',
  )
}

const isMap = (value: unknown): value is GivenCamera =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const mistakesOf = (issue: z.core.$ZodIssue): readonly string[] => {
  const path = issue.path.map(String)
  if (issue.code !== 'unrecognized_keys') return [`${path.join('.') || 'the camera'}: ${issue.message}`]
  return issue.keys.map((key) => {
    const near = nearestWord(key, Object.keys(cameraOptions.shape))
    return `${[...path, key].join('.')}: unknown key${near === null ? '' : `; did you mean ${near}?`}`
  })
}

/**
 * The camera as it is kept: a login of its URL moves to the keys `user` and `password`, so that the URL holds none. Throws
 * CAMERA_URL.
 */
export const withLoginApart = (given: GivenCamera): GivenCamera => {
  // Beside the keys no URL may have a login of its own.
  if (typeof given.url !== 'string' || given.user !== undefined || hasLogin(given.detailUrl)) return given
  const { credentials, ...url } = parseCameraUrl(given.url)
  if (credentials === null || !('location' in url)) return given
  return { ...given, url: url.location, user: credentials.user, password: credentials.password }
}

/**
 * `given` with `changes`; null takes a key out. What is kept of the login is sent only to the hosts that it was given for: for
 * another one it has to be given again. A URL that comes back as it was shown, with `***`, stays as it was. Throws USAGE.
 */
export const changedCamera = (name: string, given: GivenCamera, changes: GivenCamera): GivenCamera => {
  const merged: Record<string, unknown> = Object.fromEntries(
    Object.entries({ ...given, ...changes }).flatMap(([key, value]) => {
      if (value === null) return []
      const before = given[key]
      const isShown = /url$/i.test(key) && typeof before === 'string' && value === shownUrl(before)
      return [[key, isShown ? before : value] as const]
    }),
  )
  // A login in the new URL takes the place of the one that is kept.
  if (hasLogin(changes.url) && changes.user === undefined) {
    delete merged.user
    delete merged.password
  }
  for (const key of ['url', 'detailUrl'])
    if (typeof merged[key] === 'string' && merged[key] !== given[key] && merged[key].includes('***'))
      throw usage(`camera ${name}: ${key}: *** stands for a secret that is not shown`, 'Write the secret in its place.')
  const known = hostsOf(given)
  const others = hostsOf(merged).filter((host) => !known.includes(host))
  const isNewLogin = changes.password !== undefined || changes.user === null
  if (given.user !== undefined && given.user !== null && changes.user !== undefined && !isNewLogin)
    throw usage(`camera ${name}: password: expected it beside the new user`, 'Give user and password.')
  if (given.password !== undefined && others.length > 0 && !isNewLogin && !hasLogin(changes.url))
    throw usage(
      `camera ${name}: url: ${others.join(', ')} is another host, to which the password that is kept is not sent`,
      'Give user and password again, or user: null when it needs none.',
    )
  return { ...merged, ...(changes.user === null && { password: undefined }) }
}

const hasLogin = (url: unknown): boolean => typeof url === 'string' && /^\w+:\/\/[^/?#]*@/.test(url)

/** Scheme, host and port of the camera's URLs. */
const hostsOf = ({ url, detailUrl }: GivenCamera): readonly string[] =>
  [url, detailUrl].flatMap((each) => {
    if (typeof each !== 'string') return []
    const [, scheme, authority] = /^\s*([a-z]+):\/\/([^/?#]*)/i.exec(each) ?? []
    return authority === undefined
      ? []
      : [`${scheme}://${authority.slice(authority.lastIndexOf('@') + 1)}`.toLowerCase()]
  })

/** What may be shown of a camera. */
export interface ShownCamera {
  /** Every secret in it is `***`. */
  readonly url: string
  readonly detailUrl: string | null
  readonly login: boolean
  /** The other keys that differ from their defaults. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** A camera without its secrets. */
export const shownCamera = (options: CameraOptions): ShownCamera => {
  const { url, detailUrl, user, password: _, ...rest } = options
  const usual: GivenCamera = cameraOptions.parse({ url })
  const own = Object.entries(rest).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(usual[key]))
  return {
    url: shownUrl(url),
    detailUrl: detailUrl === null ? null : shownUrl(detailUrl),
    login: user !== null || hasLogin(url),
    settings: Object.fromEntries(own),
  }
}
