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

/** What a personality shows; nulls show nothing. */
export interface Shown {
  readonly loop: Loop | null
  /** What it shows after a while. */
  readonly later: Loop | null
}

/** What a personality shows: its own footage, which is kept in `directory`, or `given`. Rejects as `makeFootage` does. */
export const footageOf = async (
  { footage, later }: Personality,
  given: Loop | null,
  directory: string,
): Promise<Shown> => {
  const made = (wanted: Personality['footage']): Promise<Loop | null> | Loop | null =>
    wanted === undefined ? null : typeof wanted === 'function' ? wanted() : makeFootage(wanted, directory)
  return { loop: (await made(footage)) ?? given, later: await made(later?.footage) }
}

/**
 * Starts a server with one camera of a personality. What is shown may be null for a peer that shows nothing (`quirks.serve`).
 * Rejects with USAGE when the port is taken, CAMERA_FORMAT when the loop cannot be sent.
 */
export const startPersonality = async (
  name: string,
  { quirks, later }: Personality,
  shown: Shown,
  options: Pick<RtspServerOptions, 'host' | 'port' | 'log'> = {},
): Promise<RunningPersonality> => {
  await using opening = new AsyncDisposableStack()
  const server = opening.adopt(await startRtspServer({ ...options, quirks }), (started) => started.close())
  const { loop } = shown
  const change = later && shown.later ? { later: { ...later, loop: shown.later } } : {}
  const camera = loop === null ? null : server.addCamera(name, { loop, ...change })
  opening.move()
  return { url: server.url(name), camera, close: () => server.close() }
}
