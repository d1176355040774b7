import type { Config } from '../../config/config.ts'
import { cameraJsonSchema, changedCamera, readCamera, shownCamera } from '../../config/one-camera.ts'
import { RollcallError } from '../../errors.ts'
import type { ListedCamera } from '../../server/camera-answers.ts'
import type { CamerasService } from '../../server/cameras-routes.ts'
import type { CameraId } from '../../types.ts'
import { notStarted, type SiteStatus } from '../status.ts'
import type { Figures } from './camera-figures.ts'
import type { SiteCamera } from './site-camera.ts'
import type { SiteCameras } from './site-cameras.ts'
import type { CameraTests } from './test-camera.ts'

/** What the service shows and changes. */
export interface CamerasServiceParts {
  readonly cameras: SiteCameras
  readonly figures: Pick<Figures, 'of'>
  readonly status: Pick<SiteStatus, 'cameras'>
  readonly tests: Pick<CameraTests, 'test'>
  readonly cameraDefaults: Config['cameraDefaults']
  /** The name of the configuration file; null without one. */
  readonly configFile: string | null
  /** Resolves when what was changed is kept. Rejects with STATE when it is not yet. */
  readonly kept: () => Promise<void>
}

/** The cameras as the API has them. */
export const createCamerasService = (parts: CamerasServiceParts): CamerasService => {
  const { cameras, figures } = parts
  const shown = (camera: SiteCamera): ListedCamera => {
    const { name, source, paused, options } = camera
    const change = parts.status.cameras().find((each) => each.camera === name) ?? notStarted(name)
    return { ...change, source, paused, ...shownCamera(options), figures: figures.of(name) }
  }
  const changing = async (change: () => void): Promise<void> => {
    change()
    await parts.kept()
  }
  return {
    keysSchema: cameraJsonSchema(),
    list: () => ({
      cameras: cameras.all().map(shown),
      file: parts.configFile,
      kept: cameras.isKept,
      problems: cameras.problems(),
    }),
    show: (name) => shown(cameras.get(name)),
    add: (name, keys, by) => changing(() => void cameras.add(name, keys, by)),
    edit: (name, changes, by) => changing(() => void cameras.edit(name, changes, by)),
    remove: (name, by) => changing(() => cameras.remove(name, by)),
    pause: (name, paused, by) => changing(() => void cameras.pause(name, paused, by)),
    test: async (camera, keys, signal) => {
      const name = typeof camera === 'string' ? camera : 'test'
      const options =
        camera === undefined ? readCamera(name, keys, parts.cameraDefaults) : laid(cameras.get(name), keys, parts)
      const { picture, ...rest } = await parts.tests.test(name, options, signal)
      return { ...rest, picture: picture === null ? null : Buffer.from(picture).toString('base64') }
    },
  }
}

/** The camera with other keys over its own. */
const laid = (
  { name, options, given }: SiteCamera,
  keys: Readonly<Record<string, unknown>>,
  { cameraDefaults }: Pick<CamerasServiceParts, 'cameraDefaults'>,
): Config['cameras'][CameraId] => {
  if (Object.keys(keys).length === 0) return options
  if (given !== null) return readCamera(name, changedCamera(name, given, keys), cameraDefaults)
  throw new RollcallError('USAGE', `camera ${name} is in the configuration: expected no other keys beside camera`, {
    remedy: 'Test it as it is, or give the URL of another one without camera.',
  })
}
