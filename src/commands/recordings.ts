import { statSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { RollcallError } from '../errors.ts'
import { cameraSource } from '../ingest/camera-source.ts'

/** Why a path is no file that can be read; null when it may be one. */
const wrongWith = (path: string): string | null => {
  try {
    return statSync(path).isDirectory() ? `${path} is a directory, expected a video file` : null
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? `there is no file ${path}` : message
  }
}

/**
 * Checks that the recordings of a configuration are there, because a recording is opened once and a wrong path would be
 * one that is over at once. Throws CAMERA_NOT_FOUND, which names each that is missing.
 */
export const requireRecordings = ({ cameras }: Pick<Config, 'cameras'>): void => {
  const missing = Object.entries(cameras).flatMap(([name, options]) => {
    const { url } = cameraSource(name, options, false)
    const wrong = url.kind === 'file' ? wrongWith(url.path) : null
    return wrong === null ? [] : [`cameras.${name}: ${wrong}`]
  })
  if (missing.length > 0)
    throw new RollcallError('CAMERA_NOT_FOUND', missing.join('; '), {
      remedy:
        'Check the path, which is relative to where the program is started; an address begins with rtsp:// or http://.',
    })
}
