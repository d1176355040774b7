import type { SimulatedCamera } from './camera.ts'
import { readLoop } from './read-loop.ts'
import { type RtspServerOptions, startRtspServer } from './rtsp-server.ts'

/** A video file and the camera that it becomes. */
export interface CameraFile {
  /** Becomes the path of the URL. */
  readonly name: string
  /** A video file with H.264 or H.265 in it, played in a loop. */
  readonly file: string
}

/** Running cameras, with all that is needed to connect to them. Owned by whoever started them, who calls `close()`. */
export interface SimulatedCameras {
  /** In the order of the files. The URLs hold the login, if there is one. */
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
 * Starts one RTSP server with a camera for each file. Throws CAMERA_FORMAT for a file without H.264 or H.265 and
 * NATIVE_MISSING without gst-launch-1.0; nothing is left running then.
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
