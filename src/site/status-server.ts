import type { Config } from '../config/config.ts'
import type { Metrics } from '../metrics.ts'
import { type Server, startServer } from '../server/http.ts'
import type { CameraChange, Log } from '../types.ts'
import type { Readiness } from './readiness.ts'

/** What a process shows that has no people: one of vision, or one that stands by. */
export interface StatusShown {
  readonly ready: () => Readiness
  readonly cameras: () => readonly CameraChange[]
  readonly metrics: Metrics
  readonly exposition: () => Promise<string>
  /** What clients of `/ws` are told. */
  readonly elsewhere: { readonly status: number; readonly message: string }
  readonly log: Log
  readonly showToken?: ((token: string, url: string) => void) | undefined
}

/** Serves health, metrics and the states of cameras; events, people and the viewer are elsewhere. Throws as `startServer` does. */
export const startStatusServer = (
  http: Config['http'],
  { ready, cameras, metrics, exposition, elsewhere, log, showToken }: StatusShown,
): Promise<Server> =>
  startServer(http, {
    ready,
    cameras,
    metrics: exposition,
    people: () => [],
    webSocket: { refuse: () => ({ code: 'NOT_FOUND', ...elsewhere }), accept: () => {} },
    viewerDirectory: null,
    denied: metrics,
    time: { nowMs: Date.now },
    log,
    ...(showToken && { showToken }),
  })
