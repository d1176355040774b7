import type { RollcallEvent } from '../../../src/events/types.ts'
import { connect } from '../connection.ts'
import type { Session } from '../session.ts'
import type { Client, PictureListener } from './client.ts'
import { createListeners } from './listeners.ts'
import type { SiteWriter } from './site-store.ts'

/** The connection of the page, and what the shell does about it. */
export interface Connected {
  readonly client: Client
  readonly onEvent: (listener: (event: RollcallEvent) => void) => () => void
  /** Makes the next attempt at once. */
  retryNow(): void
}

/** What the shell is told of the connection. */
export interface ConnectedCallbacks {
  readonly onConnected: () => void
  readonly onRefused: (because: 'no-token' | 'unknown-token' | 'no-scope') => void
  readonly onLost: (retryInMs: number) => void
}

/** Connects to the server that the page came from, and keeps `store` as the server says. */
export const connectPage = (session: Session, store: SiteWriter, callbacks: ConnectedCallbacks): Connected => {
  const pictures = createListeners<Parameters<PictureListener>, ReturnType<PictureListener>>()
  const events = createListeners<[RollcallEvent]>()
  let watched: readonly string[] = []
  /** A hidden page watches no camera, so the workers encode no pictures for it. */
  const watch = (): void => connection.watch(document.hidden ? [] : watched)
  const connected = (nowMs: number): void => {
    store.connected(nowMs)
    callbacks.onConnected()
    watch()
  }
  const connection = connect(`${location.origin.replace(/^http/, 'ws')}/ws`, {
    admission: () => session.admission(),
    onRefused: callbacks.onRefused,
    onSnapshot: ({ nowMs, snapshot }) => {
      store.reset(snapshot)
      connected(nowMs)
    },
    onResumed: ({ nowMs }) => connected(nowMs),
    onEvent: (event) => {
      store.apply(event)
      events.call(event)
    },
    onPicture: async (picture) => {
      await Promise.all(pictures.call(picture).map((shown) => Promise.resolve(shown)))
      const { camera, faces } = picture.frame
      for (const { person } of faces) if (person !== null) store.seen(person, camera)
    },
    onLost: (retryInMs) => {
      store.lost()
      callbacks.onLost(retryInMs)
    },
  })
  document.addEventListener('visibilitychange', watch)
  addEventListener('online', () => connection.retryNow())
  return {
    client: {
      watch: (cameras) => {
        watched = cameras
        watch()
      },
      onPicture: pictures.add,
    },
    onEvent: events.add,
    retryNow: () => connection.retryNow(),
  }
}
