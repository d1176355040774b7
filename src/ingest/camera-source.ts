import { RollcallError } from '../errors.ts'
import type { CameraId } from '../types.ts'
import { type CameraUrl, parseCameraUrl } from './camera-url.ts'
import type { CameraOptions } from './options.ts'

/** Where a camera's pictures come from, and how they are read. */
export interface CameraSource {
  readonly url: CameraUrl
  /** It has an end, and is opened once. */
  readonly isRecording: boolean
  /** Every frame is read, as fast as frames are taken; else the newest, in their own time. */
  readonly isLossless: boolean
}

/** Throws CAMERA_URL, which names the camera. */
export const cameraSource = (name: CameraId, { url: text }: CameraOptions, untilEnd: boolean): CameraSource => {
  const url = parseUrl(name, text)
  const isRecording = url.kind === 'file' || (url.kind === 'http' && untilEnd)
  return { url, isRecording, isLossless: isRecording && untilEnd }
}

const parseUrl = (name: CameraId, text: string): CameraUrl => {
  try {
    return parseCameraUrl(text)
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error
    const { code, message, remedy = '' } = error
    throw new RollcallError(code, `camera ${name}: ${message}`, { remedy, cause: error })
  }
}
