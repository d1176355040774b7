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

/** GStreamer takes it for AES-128, and decrypts what is not encrypted. */
export const isSampleAes = (place: string): CameraFailure => ({
  code: 'CAMERA_FORMAT',
  says: `${place} encrypts its HLS stream with SAMPLE-AES, which is not read`,
  remedy: 'Set its encryption to AES-128, or switch it off.',
  retry: 'rarely',
})

/** No video comes out of segments that are encrypted with AES-128. */
export const isWrongKey: CameraFailure = {
  code: 'CAMERA_FORMAT',
  says: 'its HLS stream is encrypted (AES-128), and gives no video with the key that its playlist names',
  remedy: 'Check that the key (EXT-X-KEY: URI and IV) is the one that the segments were encrypted with.',
  retry: 'rarely',
}
