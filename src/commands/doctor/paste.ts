import { stringify } from 'yaml'
import { shownUrl } from '../../ingest/camera-url.ts'

/** A camera as it may be pasted into a configuration. */
export interface PastedCamera {
  readonly name: string
  /** Without a login. */
  readonly url: string
  readonly user?: string | null
  /** Whether there is a password; it is never shown. */
  readonly hasPassword?: boolean
  /** The environment variable that holds it. It defaults to one of the camera's own. */
  readonly passwordVariable?: string
  /** Further keys that differ from their defaults. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** The environment variable that is to hold a camera's password, such as `DOOR_PASSWORD`. */
const variableOf = (name: string): string =>
  `${name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, 'CAMERA_')}_PASSWORD`

/** The block `cameras:` of a configuration, in YAML. Passwords stand for themselves as variables of the environment. */
export const pasteCameras = (cameras: readonly PastedCamera[]): string =>
  stringify(
    {
      cameras: Object.fromEntries(
        cameras.map(({ name, url, user = null, hasPassword = false, passwordVariable, more = {} }) => [
          name,
          {
            url: shownUrl(url),
            ...more,
            ...(user !== null && { user }),
            ...(hasPassword && { password: `\${${passwordVariable ?? variableOf(name)}}` }),
          },
        ]),
      ),
    },
    { lineWidth: 0 },
  ).trimEnd()
