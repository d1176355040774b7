import type { SimulatedCamera } from './camera.ts'
import { makeFootage } from './footage/footage.ts'
import type { Loop } from './loop.ts'
import type { Personality } from './personality.ts'
import { type RtspServerOptions, startRtspServer } from './rtsp-server.ts'

/** A personality that runs. Owned by whoever started it, who calls `close()`. */
export interface RunningPersonality {
  /** Where it is, without the login. */
  readonly url: string
  /** The camera; null for a hostile peer that shows nothing. */
  readonly camera: SimulatedCamera | null
  /** Idempotent. */
  close(): Promise<void>
}

/** What a personality shows: its own footage, which is kept in `directory`, or `given`. Rejects as `makeFootage` does. */
export const footageOf = async (
  { footage }: Personality,
  given: Loop | null,
  directory: string,
): Promise<Loop | null> => {
  if (footage === undefined) return given
  return typeof footage === 'function' ? footage() : makeFootage(footage, directory)
}

/**
 * Starts a server with one camera of a personality. `loop` may be null for a peer that shows nothing (`quirks.serve`).
 * Rejects with USAGE when the port is taken, CAMERA_FORMAT when the loop cannot be sent.
 */
export const startPersonality = async (
  name: string,
  { quirks }: Personality,
  loop: Loop | null,
  options: Pick<RtspServerOptions, 'host' | 'port' | 'log'> = {},
): Promise<RunningPersonality> => {
  await using opening = new AsyncDisposableStack()
  const server = opening.adopt(await startRtspServer({ ...options, quirks }), (started) => started.close())
  const camera = loop === null ? null : server.addCamera(name, { loop })
  opening.move()
  return { url: server.url(name), camera, close: () => server.close() }
}
