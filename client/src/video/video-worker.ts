import type { TileReport, ToVideoWorker, WorkerStart } from './messages.ts'

type WithoutTile<Message> = Message extends unknown ? Omit<Message, 'tile'> : never

/** A message about one canvas. */
export type TileMessage = WithoutTile<ToVideoWorker>

/** The worker of all canvases of a page. It lives as long as the page. */
export interface VideoWorker {
  /** False when it cannot start: a content security policy forbids it, or its file is not there. */
  readonly starts: Promise<boolean>
  /** Begins to tell of a canvas; `listener` gets what the worker says of it until `close`. */
  open(listener: (message: TileReport) => void): TileChannel
}

/** What goes to and from the worker about one canvas. */
export interface TileChannel {
  readonly tile: number
  readonly send: (message: TileMessage, transfer?: Transferable[]) => void
  close(): void
}

/**
 * Makes the worker. A script of another origin may not be a worker, so one that the page has from there (a CDN) is imported by
 * a small one of the page's own, from a blob. Where there is a content security policy, its `worker-src` has to allow `blob:` and
 * that origin.
 */
const makeWorker = (): Worker => {
  // Not written as one expression: bundlers would take the file for a picture or the like, and copy it as it is.
  const file = './worker.ts'
  const url = new URL(file, import.meta.url)
  if (url.origin === location.origin)
    // Bundlers know exactly this form.
    return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'video' })
  const source = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)}`], { type: 'text/javascript' }))
  return new Worker(source, { type: 'module', name: 'video' })
}

const startWorker = (): VideoWorker => {
  const listeners = new Map<number, (message: TileReport) => void>()
  let worker: Worker | null = null
  let tiles = 0
  const starts = new Promise<boolean>((resolve) => {
    try {
      worker = makeWorker()
    } catch {
      resolve(false)
      return
    }
    worker.addEventListener('error', () => resolve(false))
    worker.addEventListener('message', ({ data }: MessageEvent<TileReport | WorkerStart>) => {
      if (data.type === 'ready') resolve(true)
      else listeners.get(data.tile)?.(data)
    })
  })
  return {
    starts,
    open: (listener) => {
      const tile = ++tiles
      listeners.set(tile, listener)
      const send: TileChannel['send'] = (message, transfer = []) => worker?.postMessage({ ...message, tile }, transfer)
      return {
        tile,
        send,
        close: () => {
          listeners.delete(tile)
          send({ type: 'close' })
        },
      }
    },
  }
}

let shared: VideoWorker | null = null

/** The worker of the page, started by the first call. */
export const videoWorker = (): VideoWorker => (shared ??= startWorker())
