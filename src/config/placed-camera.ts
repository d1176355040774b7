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

/**
 * The camera that travelled as `keys`, with the values of this machine. Throws CONFIG_INVALID, which holds no value: a variable is not
 * set here, or a key is unknown to this version.
 */
export const cameraFrom = (camera: CameraId, keys: GivenCamera, env: Env): CameraOptions =>
  // JSON is YAML.
  readYaml({ name: `camera ${camera}`, text: JSON.stringify(keys) }, cameraOptions, env)
