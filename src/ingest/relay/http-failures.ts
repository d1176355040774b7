import type { CameraFailure } from '../camera-failure.ts'
import { MAX_REDIRECTS } from './redirect.ts'

const says: Readonly<Record<'page' | 'text' | 'manifest' | 'picture' | 'jpeg' | 'parts' | 'circle', string>> = {
  page: 'answers with a web page, perhaps its login page, no video',
  text: 'answers with text, no video',
  manifest: 'answers with a manifest (DASH or Smooth Streaming), which is not read',
  picture: 'answers with a single picture that is no JPEG, no video',
  jpeg: 'answers with a single picture (a snapshot), no video',
  parts: 'sends parts that are no JPEG pictures',
  circle: `redirects more than ${MAX_REDIRECTS} times`,
}

/** The answer is complete, and is not what a camera sends. */
export const isNoVideo = (place: string, kind: keyof typeof says): CameraFailure => ({
  code: 'CAMERA_FORMAT',
  says: `${place} ${says[kind]}`,
  remedy: 'Give the URL of its video (rtsp://, Motion JPEG, HLS, or a JPEG snapshot); its manual tells it.',
  retry: 'rarely',
})

/** The answer would take too much memory. */
export const tooLarge = (place: string, limit: number): CameraFailure => ({
  code: 'CAMERA_FORMAT',
  says: `${place} sends a picture or playlist of more than ${limit} bytes`,
  remedy: 'Check that its URL leads to the camera, and set a smaller picture in its settings.',
  retry: 'rarely',
})
