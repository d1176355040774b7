import type { Camera } from '../../src/ingest/camera.ts'

/** Takes every frame of the camera, and tells how many there were. */
export const countFrames = (camera: Camera): (() => number) => {
  let frames = 0
  camera.ready$.subscribe(() => {
    const frame = camera.take()
    if (frame) frames++
    frame?.close()
  })
  return () => frames
}
