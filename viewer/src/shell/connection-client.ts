import { connect, type FrameEvent, type Refusal, type RollcallEvent, type Watch } from '@rollcall/client'
import type { RollcallEvent as SiteEvent } from '../../../src/events/types.ts'
import type { CameraChange } from '../../../src/types.ts'
import type { Client } from './client.ts'
import type { SiteWriter } from './site-store.ts'

/** The connection of the page, and what the shell does about it. */
export interface Connected {
  readonly client: Client
  readonly onEvent: (listener: (event: SiteEvent) => void) => () => void
  /** Makes the next attempt at once. */
  retryNow(): void
}

/** What the shell is told of the connection. */
export interface ConnectedCallbacks {
  readonly onConnected: () => void
  readonly onRefused: (because: Refusal) => void
  readonly onLost: (retryInMs: number) => void
}

/** Frame events are left out while nobody watches video, because each picture brings its boxes. */
const topics = ['sightings', 'people', 'cameras'] as const
const nothing: Watch = { cameras: [] }

/** Connects to the server that the page came from, and keeps `store` as the server says. */
export const connectPage = (store: SiteWriter, callbacks: ConnectedCallbacks): Connected => {
  const connection = connect({ subscribe: { topics } })
  let wanted = nothing
  /** Whether frame events are asked for. */
  let isSubscribed = false
  /** A hidden page watches no camera, so the workers encode no pictures for it. */
  const watch = (): void => {
    const now = document.hidden ? nothing : wanted
    const isPlaying = (now.video?.length ?? 0) > 0
    if (isPlaying !== isSubscribed) connection.subscribe({ topics: isPlaying ? [...topics, 'frames'] : topics })
    isSubscribed = isPlaying
    connection.watch(now)
  }
  const see = ({ camera, faces }: FrameEvent['data']): void => {
    for (const { person } of faces) if (person !== null) store.seen(person, camera)
  }
  connection.onSnapshot(({ snapshot }) => store.reset({ ...snapshot, cameras: snapshot.cameras as CameraChange[] }))
  connection.onStatus((status) => {
    if (status.state === 'connected') {
      store.connected(status.message.nowMs)
      callbacks.onConnected()
    } else if (status.state === 'waiting' || status.state === 'refused') {
      store.lost()
      if (status.state === 'refused') callbacks.onRefused(status.why)
      else callbacks.onLost(status.retryInMs)
    }
  })
  connection.onEvent((event) => {
    if (event.type === 'rollcall.frame.v1') see(event.data)
    else store.apply(event as SiteEvent)
  })
  connection.onPicture(({ frame }) => see(frame))
  document.addEventListener('visibilitychange', watch)
  addEventListener('online', () => connection.retryNow())
  return {
    client: {
      ...connection,
      watch: (next) => {
        wanted = next
        watch()
      },
    },
    onEvent: (listener) => connection.onEvent((event: RollcallEvent) => listener(event as SiteEvent)),
    retryNow: () => connection.retryNow(),
  }
}
