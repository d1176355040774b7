import { filter, firstValueFrom, Subject, timeout } from 'rxjs'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import type { Relays } from '../../src/ingest/relay/relays.ts'
import { silent } from '../../src/silent-log.ts'
import type { CameraState, FrameStamp } from '../../src/types.ts'

/** One camera that is watched as `rollcall run` watches it. Whoever opened it calls `close()`. */
export interface Watched {
  /** Resolves with the first frame from now on that fits; rejects after a while with what the camera said. */
  frame(fits: (seen: Seen) => boolean): Promise<Seen>
  /** The same for a state. */
  state(state: CameraState): Promise<void>
  /** A frame of another connection than the last one. */
  reconnected(): Promise<void>
  close(): Promise<void>
}

/** What is noted of a frame. */
export interface Seen extends Pick<FrameStamp, 'stream'> {
  readonly width: number
}

/** A busy machine is late. */
const patienceMs = 30_000

/** Opens a camera with short times. `relays` are those of all. */
export const watchCamera = (options: object, relays: Pick<Relays, 'open'>): Watched => {
  const camera = {
    name: 'camera',
    options: cameraOptions.parse({
      decoder: 'software',
      connectTimeoutMs: 5000,
      stallAfterMs: 300,
      backoff: { firstMs: 10, maxMs: 40, jitter: 0, resetAfterMs: 0 },
      ...options,
    }),
  }
  const cameras = openCameras([camera], { pictureSide: 320, untilEnd: false, log: silent, relays })
  const frames$ = new Subject<Seen>()
  const states$ = new Subject<CameraState>()
  let last: Seen | null = null
  let said = 'nothing'
  cameras.changes$.subscribe(({ state, reason }) => {
    said = `${state}: ${reason}`
    states$.next(state)
  })
  cameras.ready$.subscribe((ready) => {
    const taken = ready.take()
    if (taken === null) return
    last = { stream: taken.stream, width: taken.full.width }
    taken.close()
    frames$.next(last)
  })
  const first = <T>(from$: Subject<T>, what: string, fits: (value: T) => boolean): Promise<T> =>
    firstValueFrom(
      from$.pipe(
        filter(fits),
        timeout({
          first: patienceMs,
          with: () => {
            throw new Error(`no ${what} within ${patienceMs / 1000} s; the camera said ${said}`)
          },
        }),
      ),
    )
  const frame: Watched['frame'] = (fits) => first(frames$, 'frame', fits)
  return {
    frame,
    state: async (wanted) => void (await first(states$, wanted, (state) => state === wanted)),
    reconnected: async () => {
      const before = last?.stream
      await frame(({ stream }) => stream !== before)
    },
    close: () => cameras.close(),
  }
}
