import type { CameraId } from '../types.ts'
import { withCameraDefaults } from './cameras.ts'
import { textOf } from './config.ts'
import type { GivenCamera } from './one-camera.ts'
import { withoutSecrets } from './placed-camera.ts'
import { parseSyntax } from './syntax.ts'
import { plainOf, readTree } from './tree.ts'

/**
 * The cameras of a configuration file as they may travel: `${NAME}` as it stands there, `cameraDefaults` under each. The file has been
 * read by `loadConfig` before, so it is right. Throws CONFIG_INVALID for a password in plain text.
 */
export const givenCameras = (file: string): ReadonlyMap<CameraId, GivenCamera> => {
  const { document, lineOf } = parseSyntax(textOf(file))
  const { cameras = {} } = withCameraDefaults(plainOf(readTree(document, null, lineOf).tree) ?? {}) as {
    readonly cameras?: Readonly<Record<CameraId, string | GivenCamera>>
  }
  return new Map(
    Object.entries(cameras).map(([name, given]) => {
      const { ...keys } = typeof given === 'string' ? { url: given } : given
      return [name, withoutSecrets(name, keys)]
    }),
  )
}
