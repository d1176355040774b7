import { Worker } from 'node:worker_threads'
import { map, Observable, raceWith, type Subscriber, timer } from 'rxjs'
import { type CameraFailure, failureError } from '../camera-failure.ts'
import type { RelayTarget } from './target.ts'
import type { FromThread, RelayState, ToThread } from './thread-messages.ts'

/** A relay to one camera, at which GStreamer finds it without credentials. Owned by whoever opened it. */
export interface Relay {
  /** The URL for GStreamer. */
  readonly location: string
  /** The User-Agent by which GStreamer is known. */
  readonly secret: string
  /** Whether the camera answers with an HLS playlist, so that GStreamer needs the element for it. */
  readonly isPlaylist: boolean
  /** The camera got the password in clear, because it asks for nothing better. */
  readonly inClear: boolean
  /** Called once when the camera is at fault; its connection is over then. */
  onFailure: (failure: CameraFailure) => void
  /** Called when something of the stream is missing, and it goes on: half a sentence that says what. */
  onLoss: (what: string) => void
  /** On subscription asks how the camera does. Emits once, within a second, and completes. */
  readonly state$: Observable<RelayState>
  /** Cuts every connection, so that GStreamer cannot wait for the camera. Idempotent. */
  close(): void
}

/** The relays of one process, in a thread of their own: `src/ingest/relay/thread.ts`. */
export interface Relays {
  /** Emits a relay once. Fails with a RollcallError. */
  open(target: RelayTarget): Observable<Relay>
  /** Ends their thread. Idempotent. */
  close(): Promise<void>
}

/** Of the objects of the thread, so that its garbage stays small. What cameras send lies beside them. */
const limits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 }

const unknown: RelayState = { failure: null, silentMs: null }
/** A thread that does not answer must not keep the reason of a failure back. */
const STATE_PATIENCE_MS = 1000

interface Opened {
  readonly subscriber: Subscriber<Relay>
  relay: Relay | null
  readonly asked: ((state: RelayState) => void)[]
}

const threadLost: CameraFailure = {
  code: 'PIPELINE',
  says: 'the thread that talks to cameras has ended',
  remedy: 'It is started again; please report this with the log.',
}

/** Prepares the relays. Their thread begins with the first one, because recordings need none. */
export const createRelays = (): Relays => {
  const all = new Map<number, Opened>()
  let thread: Worker | null = null
  let lastId = 0

  const onMessage = (message: FromThread): void => {
    const opened = all.get(message.id)
    if (opened === undefined) return
    switch (message.type) {
      case 'opened':
        opened.relay = relayOf(message, opened.asked, { tell, forget: () => all.delete(message.id) })
        opened.subscriber.next(opened.relay)
        opened.subscriber.complete()
        break
      case 'failed':
        if (opened.relay === null) all.delete(message.id)
        fail(opened, message.failure)
        break
      case 'lost':
        opened.relay?.onLoss(message.what)
        break
      case 'state':
        for (const answer of opened.asked.splice(0)) answer(message)
        break
    }
  }
  const onEnd = (): void => {
    thread = null
    for (const opened of all.values()) fail(opened, threadLost)
    all.clear()
  }
  const tell = (message: ToThread): void => {
    if (thread === null) {
      if (message.type !== 'open') return
      const started = new Worker(new URL('./thread.ts', import.meta.url), { resourceLimits: limits })
      started.unref()
      started.on('message', onMessage)
      started.on('error', () => {})
      started.on('exit', () => {
        if (thread === started) onEnd()
      })
      thread = started
    }
    thread.postMessage(message)
  }

  return {
    open: (target) =>
      new Observable((subscriber) => {
        const id = ++lastId
        const opened: Opened = { subscriber, relay: null, asked: [] }
        all.set(id, opened)
        tell({ type: 'open', id, target })
        return () => {
          if (opened.relay === null && all.delete(id)) tell({ type: 'close', id })
        }
      }),
    close: async () => {
      const ended = thread
      thread = null
      all.clear()
      await ended?.terminate()
    },
  }
}

/** What the thread has opened. `forget` returns whether it was open until now. */
const relayOf = (
  { id, location, secret, isPlaylist, inClear }: FromThread & { type: 'opened' },
  asked: Opened['asked'],
  { tell, forget }: { readonly tell: (message: ToThread) => void; readonly forget: () => boolean },
): Relay => ({
  location,
  secret,
  isPlaylist,
  inClear,
  onFailure: () => {},
  onLoss: () => {},
  state$: new Observable<RelayState>((subscriber) => {
    asked.push((state) => {
      subscriber.next(state)
      subscriber.complete()
    })
    tell({ type: 'ask', id })
  }).pipe(raceWith(timer(STATE_PATIENCE_MS).pipe(map(() => unknown)))),
  close: () => {
    if (!forget()) return
    for (const answer of asked.splice(0)) answer(unknown)
    tell({ type: 'close', id })
  },
})

/** Without a relay the opening has failed. */
const fail = ({ relay, subscriber }: Opened, failure: CameraFailure): void => {
  if (relay === null) subscriber.error(failureError(failure))
  else relay.onFailure(failure)
}
