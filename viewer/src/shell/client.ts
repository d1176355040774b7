import type { CameraId } from '../../../src/types.ts'
import type { PictureMessage } from '../picture.ts'

/** Deals with a picture; the server sends the camera's next one when it has. */
export type PictureListener = (picture: PictureMessage) => Promise<void> | void

/** The part of the connection that pages use. One page is shown at a time, so the last call of `watch` counts. */
export interface Client {
  /** Sets the cameras to get stills of. While the tab is hidden nothing is sent, whatever this says. */
  watch(cameras: readonly CameraId[]): void
  onPicture(listener: PictureListener): () => void
}
