/** The camera's own video on a canvas, decoded by the browser in a worker, each picture with its own boxes. */
export { createVideo, type Video, type VideoClient, type VideoOptions } from './create-video.ts'
export type {
  Look,
  PictureSize,
  ShownPicture,
  ToldFace,
  VideoFigures,
  VideoLevel,
  VideoState,
} from './types.ts'
export { videoWorker } from './video-worker.ts'
export { createWatching, type TileWish, type Watching } from './watching.ts'
