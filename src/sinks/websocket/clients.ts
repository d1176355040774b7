import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs'
import type { WebSocket } from 'ws'
import type { Metrics } from '../../metrics.ts'
import type { CameraId, Log, VideoWish } from '../../types.ts'
import type { Client } from './client.ts'
import { closeCodes } from './protocol.ts'
import { closeTimeoutMs } from './termination.ts'

/** The connected clients. */
export interface Clients extends Iterable<Client> {
  readonly count: number
  /** Keeps the client until its socket closes. `about` holds the fields of every log line about it. */
  add(socket: WebSocket, client: Client, about: object): void
  /** The cameras that somebody watches. Emits the current set first, completes on close. */
  readonly watched$: Observable<ReadonlySet<CameraId>>
  isWatched(camera: CameraId): boolean
  isVideoWatched(camera: CameraId): boolean
  /** What somebody wants of the cameras' own video. Emits the current wishes first, completes on close. */
  readonly watchedVideo$: Observable<ReadonlyMap<CameraId, VideoWish>>
  /** A client may have changed which cameras it watches. */
  updateWatched(): void
  /** Closes each with 1001; cuts off those that do not answer in time. */
  close(): Promise<void>
}

const isSame = (a: ReadonlySet<CameraId>, b: ReadonlySet<CameraId>): boolean =>
  a.size === b.size && [...a].every((each) => b.has(each))

const isSameVideo = (a: ReadonlyMap<CameraId, VideoWish>, b: ReadonlyMap<CameraId, VideoWish>): boolean =>
  a.size === b.size && [...a].every(([camera, { only }]) => b.has(camera) && b.get(camera)?.only === only)

/** What all of them want together: key units are enough when nobody wants more. */
const wishesOf = (clients: Iterable<Client>): ReadonlyMap<CameraId, VideoWish> => {
  const wishes = new Map<CameraId, VideoWish>()
  for (const client of clients)
    for (const [camera, wish] of client.watchedVideo)
      if (wishes.get(camera)?.only !== undefined || !wishes.has(camera)) wishes.set(camera, wish)
  return wishes
}

/** Keeps the gauge of connected clients and the set of cameras that any of them watches. */
export const createClients = (metrics: Pick<Metrics, 'webSocketClients'>, log: Log): Clients => {
  const clients = new Map<WebSocket, Client>()
  const watched = new BehaviorSubject<ReadonlySet<CameraId>>(new Set())
  const video = new BehaviorSubject<ReadonlyMap<CameraId, VideoWish>>(new Map())
  const updateWatched = () => {
    watched.next(new Set([...clients.values()].flatMap((client) => [...client.watched])))
    video.next(wishesOf(clients.values()))
  }
  return {
    get count() {
      return clients.size
    },
    [Symbol.iterator]: () => clients.values(),
    add: (socket, client, about) => {
      clients.set(socket, client)
      metrics.webSocketClients.set(clients.size)
      log.debug(about, 'websocket client connected')
      socket.on('close', (code) => {
        clients.delete(socket)
        metrics.webSocketClients.set(clients.size)
        updateWatched()
        log.debug({ ...about, code }, 'websocket client gone')
      })
    },
    watched$: watched.pipe(distinctUntilChanged(isSame)),
    isWatched: (camera) => watched.value.has(camera),
    isVideoWatched: (camera) => video.value.has(camera),
    watchedVideo$: video.pipe(distinctUntilChanged(isSameVideo)),
    updateWatched,
    close: async () => {
      await sayGoodbye([...clients.keys()])
      watched.complete()
      video.complete()
    },
  }
}

const sayGoodbye = async (sockets: readonly WebSocket[]): Promise<void> => {
  const gone = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)))
  for (const socket of sockets) socket.close(closeCodes.goingAway, 'server closes')
  const impatience = setTimeout(() => {
    for (const socket of sockets) socket.terminate()
  }, closeTimeoutMs)
  await Promise.all(gone)
  clearTimeout(impatience)
}
