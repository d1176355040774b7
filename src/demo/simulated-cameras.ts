import type { SimulatedCamera } from './camera.ts'
import { readLoop } from './read-loop.ts'
import { type RtspServerOptions, startRtspServer } from './rtsp-server.ts'

export interface CameraFile {
  /** Becomes the path of the URL. */
  readonly name: string
  /** A video file with H.264 or H.265 in it, played in a loop. */
  readonly file: string
}

export interface SimulatedCameras {
  /** In the order of the files; the login, if there is one, is inside the URLs. */
  readonly cameras: readonly {
    readonly name: string
    readonly url: string
    readonly fps: number
    readonly width: number
    readonly height: number
    readonly camera: SimulatedCamera
  }[]
  /** Idempotent. */
  close(): Promise<void>
}

/**
 * One RTSP server with a camera for each file. Throws CAMERA_FORMAT for a file without such a video, NATIVE_MISSING
 * without gst-launch-1.0; nothing is left running then.
 */
export const startSimulatedCameras = async (
  files: readonly CameraFile[],
  options: RtspServerOptions = {},
): Promise<SimulatedCameras> => {
  const loops = await Promise.all(files.map(({ file }) => readLoop(file)))
  await using opening = new AsyncDisposableStack()
  const server = opening.adopt(await startRtspServer(options), (started) => started.close())
  const cameras = files.map(({ name }, i) => {
    const loop = loops[i]
    const { fps, width, height } = loop
    return { name, url: server.url(name, options.auth), fps, width, height, camera: server.addCamera(name, { loop }) }
  })
  opening.move()
  return { cameras, close: () => server.close() }
}
