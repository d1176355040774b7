import type { CameraId } from '../types.ts'
import { withCameraDefaults } from './cameras.ts'
import { textOf } from './config.ts'
import type { GivenCamera } from './one-camera.ts'
import { withoutSecrets } from './placed-camera.ts'
import { parseSyntax } from './syntax.ts'
import { plainOf, readTree } from './tree.ts'

/**
 * The cameras of a configuration file as they may travel, with those of the command line (`urls`): `${NAME}` as it stands there,
 * `cameraDefaults` under each. The file has been read by `loadConfig` before, so it is right. Throws CONFIG_INVALID for a password in
 * plain text.
 */
export const givenCameras = (
  file: string,
  urls: ReadonlyMap<CameraId, string> = new Map(),
): ReadonlyMap<CameraId, GivenCamera> => {
  const given = treeOf(file)
  const named = Object.fromEntries(
    [...urls].map(([name, url]) => [name, { ...keysOf(given.cameras?.[name] ?? {}), url }] as const),
  )
  const { cameras } = withCameraDefaults({ ...given, cameras: { ...given.cameras, ...named } }) as Given
  return new Map(Object.entries(cameras ?? {}).map(([name, camera]) => [name, withoutSecrets(name, keysOf(camera))]))
}

/**
 * `keys` of a camera over `cameraDefaults` of the file, as they stand there. A login of the file is for its own cameras: it would be sent
 * to whatever host is given here.
 */
export const overDefaults = (file: string, camera: CameraId, keys: GivenCamera): GivenCamera => {
  const { cameraDefaults } = treeOf(file)
  const { user: _user, password: _password, ...rest } = cameraDefaults ?? {}
  const { cameras } = withCameraDefaults({ cameraDefaults: rest, cameras: { [camera]: keys } }) as Given
  return keysOf(cameras?.[camera] ?? keys)
}

interface Given {
  readonly cameras?: Readonly<Record<CameraId, string | GivenCamera>>
  readonly cameraDefaults?: GivenCamera
}

const treeOf = (file: string): Given => {
  const { document, lineOf } = parseSyntax(textOf(file))
  return (plainOf(readTree(document, null, lineOf).tree) ?? {}) as Given
}

const keysOf = (given: string | GivenCamera): GivenCamera => (typeof given === 'string' ? { url: given } : { ...given })
