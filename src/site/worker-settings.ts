import { combineLatest } from 'rxjs'
import type { LeveledLog } from '../config/log.ts'
import type { WebSocketSink } from '../sinks/websocket/websocket-sink.ts'
import type { VisionPool } from './vision-pool.ts'
import type { Watched } from './worker-messages.ts'

/** What every worker is told when it changes, and each new one when it starts. */
export interface WorkerSettings {
  /** The cameras that somebody watches right now. */
  readonly watched: () => Watched
  /** What is logged now; null while it is what the configuration said at the start. */
  readonly logLevel: () => string | null
  /** Sets it for this process and for all workers. */
  readonly setLogLevel: (level: string) => void
}

/** Passes on what WebSocket clients watch, until `owner` closes. */
export const createWorkerSettings = (
  webSocket: Pick<WebSocketSink, 'watched$' | 'watchedVideo$'> | null,
  { pool, log, owner }: { pool: Pick<VisionPool, 'send'>; log: LeveledLog; owner: AsyncDisposableStack },
): WorkerSettings => {
  let watched: Watched = { cameras: [], video: [] }
  let logLevel: string | null = null
  if (webSocket) {
    const watching = combineLatest([webSocket.watched$, webSocket.watchedVideo$]).subscribe(([cameras, video]) => {
      watched = { cameras: [...cameras], video: [...video.values()] }
      pool.send({ type: 'watch', ...watched })
    })
    owner.defer(() => watching.unsubscribe())
  }
  return {
    watched: () => watched,
    logLevel: () => logLevel,
    setLogLevel: (level) => {
      logLevel = level
      log.level = level
      pool.send({ type: 'log', level })
    },
  }
}
