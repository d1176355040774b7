import { RollcallError } from '../errors.ts'
import type { CameraId } from '../types.ts'
import { type CameraUrl, parseCameraUrl } from './camera-url.ts'
import { type CameraOptions, loginOf } from './options.ts'

/** Where a camera's pictures come from, and how they are read. */
export interface CameraSource {
  readonly url: CameraUrl
  /** Whether it has an end, and so is opened once. */
  readonly isRecording: boolean
  /** Whether every frame is read, as fast as frames are taken. Otherwise the newest one is, in real time. */
  readonly isLossless: boolean
}

/** Reads a camera's URL and login. Throws CAMERA_URL, whose message names the camera. */
export const cameraSource = (name: CameraId, options: CameraOptions, untilEnd: boolean): CameraSource => {
  const url = parseUrl(name, options)
  const isRecording = url.kind === 'file' || (url.kind === 'http' && untilEnd)
  return { url, isRecording, isLossless: isRecording && untilEnd }
}

const parseUrl = (name: CameraId, options: CameraOptions): CameraUrl => {
  try {
    return parseCameraUrl(options.url, { login: loginOf(options) })
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error
    const { code, message, remedy } = error
    throw new RollcallError(code, `camera ${name}: ${message}`, { remedy, cause: error })
  }
}
