import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import type { Watched } from '../../src/demo/score.ts'
import type { CameraId } from '../../src/types.ts'
import type { LoopName } from '../support/footage.ts'
import { smallFootage } from '../support/small-footage.ts'

/** A camera as the configuration has it. */
export interface Simulated {
  readonly name: CameraId
  readonly options: object
}

/** Simulated cameras on loopback. */
export interface SimulatedSite {
  readonly cameras: readonly Simulated[]
  readonly watched: ReadonlyMap<CameraId, Watched>
  /** The camera that allows one session, and has a server of its own. */
  readonly single: CameraId
  close(): Promise<void>
}

const loops: readonly LoopName[] = ['lobby', 'street', 'cafe', 'gate']

/** So many cameras that show the project's footage in turn, small and at five frames a second. The first allows one session. */
export const simulateSite = async (count: number): Promise<SimulatedSite> => {
  await using opening = new AsyncDisposableStack()
  const footage = await Promise.all(loops.map(smallFootage))
  const played = await Promise.all(footage.map(({ file }) => readLoop(file)))
  const server = opening.adopt(await startRtspServer({}), (started) => started.close())
  const strict = opening.adopt(await startRtspServer({ quirks: { session: { most: 1 } } }), (started) =>
    started.close(),
  )
  const watched = new Map<CameraId, Watched>()
  const cameras = Array.from({ length: count }, (_, i): Simulated => {
    const name = `${loops[i % loops.length]}-${Math.floor(i / loops.length)}`
    const [on, shown, loop] = [i === 0 ? strict : server, footage[i % loops.length], played[i % loops.length]]
    if (shown === undefined || loop === undefined) throw new Error('there is no footage')
    const camera = on.addCamera(name, { loop })
    watched.set(name, { truth: shown.truth, shownAt: (unixMs) => camera.shownAt(unixMs) })
    // A busy machine needs seconds for the first picture.
    const patience = { connectTimeoutMs: 8000, stallAfterMs: 8000, backoff: { firstMs: 200, maxMs: 1000 } }
    return { name, options: { url: on.url(name), maxFps: 3, ...patience } }
  })
  const owned = opening.move()
  return { cameras, watched, single: cameras[0]?.name ?? '', close: () => owned.disposeAsync() }
}
