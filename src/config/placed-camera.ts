import { RollcallError } from '../errors.ts'
import { holdsSecret } from '../ingest/camera-url.ts'
import { type CameraOptions, cameraOptions } from '../ingest/options.ts'
import type { CameraId } from '../types.ts'
import type { GivenCamera } from './one-camera.ts'
import type { Env } from './substitute.ts'
import { readYaml } from './yaml.ts'

/** `${NAME}` or `${file:PATH}` and nothing else. */
const reference = String.raw`\$\{(?:[A-Za-z_][A-Za-z0-9_]*|file:[^}]+)\}`
const isReference = new RegExp(`^${reference}$`)
const loginInUrl = /^\s*\w+:\/\/([^/?#]*)@/
const references = new RegExp(reference, 'g')
const isReferredLogin = new RegExp(`^(${reference}|[^:$]*:${reference}|${reference}:${reference})$`)

/**
 * A camera's keys as they may travel to other machines. Throws CONFIG_INVALID where a password stands in them: it must be a
 * `${NAME}`, which is replaced where the camera is opened.
 */
export const withoutSecrets = (camera: CameraId, keys: GivenCamera): GivenCamera => {
  const { password } = keys
  const isSecret = typeof password === 'string' && !isReference.test(password)
  const urls = [keys.url, keys.detailUrl].filter((url) => typeof url === 'string')
  const logins = urls.flatMap((url) => loginInUrl.exec(url)?.[1] ?? [])
  const hasParameter = urls.some((url) => holdsSecret(url.replace(references, '')))
  if (!isSecret && !hasParameter && logins.every((login) => isReferredLogin.test(login))) return keys
  throw new RollcallError('CONFIG_INVALID', `cameras.${camera}: its password would travel over Kafka`, {
    remedy: 'Write ${NAME} or ${file:PATH} in its place, and give each vision process the variable or the file.',
  })
}

/** What a camera that was added over the network may refer to: nobody may have other secrets sent to a host of their choice. */
const isAddedReference = /^\$\{ROLLCALL_CAMERA_[A-Z0-9_]+\}$/
const orReference = '${ROLLCALL_CAMERA_NAME}, a variable of each vision process'

/**
 * Throws USAGE where the keys of a camera that somebody adds over the network may not travel: a secret stands in them, or a reference
 * to what is not meant for that.
 */
export const checkTravels = (camera: CameraId, keys: GivenCamera): void => {
  const refuse = (key: string, why: string): never => {
    throw new RollcallError('USAGE', `camera ${camera}: ${key}: ${why}`, {
      remedy: `Write ${orReference}, as user or password, and set it there.`,
    })
  }
  for (const [key, value] of Object.entries(keys)) {
    const isLogin = key === 'user' || key === 'password'
    const isReferred = isLogin && typeof value === 'string' && isAddedReference.test(value)
    if (!isReferred && JSON.stringify(value ?? null).includes('${'))
      refuse(key, 'expected ${ROLLCALL_CAMERA_NAME} alone')
    if (key === 'password' && !isReferred && value !== undefined)
      refuse(key, 'it would travel over Kafka in plain text')
    const isUrl = (key === 'url' || key === 'detailUrl') && typeof value === 'string'
    if (isUrl && (loginInUrl.test(value) || holdsSecret(value)))
      refuse(key, 'its secret would travel over Kafka in plain text')
  }
}

/**
 * The login of a camera with the values that its references have in this process. Throws USAGE for a variable that is not set here.
 */
export const withValues = (camera: CameraId, options: CameraOptions, env: Env): CameraOptions => {
  const loginOf = (key: 'user' | 'password'): string | null => {
    const text = options[key]
    if (text === null || !isAddedReference.test(text)) return text
    const name = text.slice(2, -1)
    const value = env[name]
    if (value !== undefined) return value
    throw new RollcallError(
      'USAGE',
      `camera ${camera}: ${key}: the variable ${name} is not set in the process that tests it`,
      {
        remedy: 'Set it for each vision process; they need it to watch the camera.',
      },
    )
  }
  return { ...options, user: loginOf('user'), password: loginOf('password') }
}

/**
 * The camera that travelled as `keys`, with the values of this machine. Throws CONFIG_INVALID, which holds no value: a variable is not
 * set here, or a key is unknown to this version.
 */
export const cameraFrom = (camera: CameraId, keys: GivenCamera, env: Env): CameraOptions =>
  // JSON is YAML.
  readYaml({ name: `camera ${camera}`, text: JSON.stringify(keys) }, cameraOptions, env)
