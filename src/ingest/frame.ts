import type { NativeFrame } from '../../native/index.js'
import type { CameraId, Frame, StreamId } from '../types.ts'
import type { Stamp } from './clock.ts'

const JPEG_QUALITY = 80

/**
 * The addon's frame with the name of its camera and its times, rounded to whole milliseconds. The caller owns it
 * instead of `native`.
 */
export const toFrame = (
  camera: CameraId,
  stream: StreamId,
  times: Omit<Stamp, 'restarts'>,
  native: NativeFrame,
): Frame => {
  const { seq, rtpTime, format, width, height, matrix, fullRange, planes, picture } = native
  const { arrivedAtMs, unitArrivedAtMs, ntpAtMs } = native
  return {
    camera,
    stream,
    seq,
    ...times,
    capturedAtMs: Math.round(times.capturedAtMs),
    ...(rtpTime !== null && { rtpTime }),
    ...(native.damaged && { damaged: true }),
    full: { format, width, height, matrix, fullRange, planes },
    picture,
    received: { arrivedAtMs, unitArrivedAtMs, ntpAtMs },
    encodeJpeg: (quality = JPEG_QUALITY) => native.encodeJpeg(quality),
    close: () => native.close(),
  }
}
