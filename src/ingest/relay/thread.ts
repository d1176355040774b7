import { parentPort } from 'node:worker_threads'
import type { CameraFailure } from '../camera-failure.ts'
import { listenFor } from './listen.ts'
import type { SeenLogins } from './login.ts'
import type { OpenRelay, RelayListener } from './loopback.ts'
import { networkFailure } from './network-failure.ts'
import { Refused } from './rtsp-failures.ts'
import type { FromThread, ToThread } from './thread-messages.ts'

/** The thread in which all relays of a process run, so that they never wait for its models. */
const port = parentPort
if (port === null) throw new Error('this file is the thread of the relays')

interface Running {
  relay: OpenRelay | null
  readonly ending: AbortController
  failure: CameraFailure | null
  suspect: CameraFailure | null
  isEncrypted: boolean
  heardAtMs: number | null
}

const running = new Map<number, Running>()
/** By the URL of the camera. */
const seen = new Map<string, SeenLogins>()
const say = (message: FromThread): void => port.postMessage(message)

const open = async ({ id, target }: ToThread & { type: 'open' }): Promise<void> => {
  const nothing = { relay: null, failure: null, suspect: null, isEncrypted: false, heardAtMs: null }
  const state: Running = { ...nothing, ending: new AbortController() }
  running.set(id, state)
  const known = seen.get(target.location) ?? { digest: false, inClear: false }
  seen.set(target.location, known)
  try {
    const hears: RelayListener = {
      failed: (failure) => {
        if (state.failure !== null) return
        state.failure = failure
        say({ type: 'failed', id, failure })
      },
      suspect: (failure) => {
        state.suspect = failure
      },
      encrypted: () => {
        state.isEncrypted = true
      },
      lost: (what) => say({ type: 'lost', id, what }),
      heard: () => {
        state.heardAtMs = performance.now()
      },
    }
    const relay = await listenFor(target, known, hears, state.ending.signal)
    if (!running.has(id)) return relay.close()
    state.relay = relay
    const { location, secret, isPlaylist } = relay
    say({ type: 'opened', id, location, secret, isPlaylist, inClear: known.inClear })
  } catch (error) {
    running.delete(id)
    const failure =
      error instanceof Refused ? error.failure : networkFailure('127.0.0.1', error as NodeJS.ErrnoException)
    say({ type: 'failed', id, failure })
  }
}

port.on('message', (message: ToThread) => {
  const state = running.get(message.id)
  switch (message.type) {
    case 'open':
      void open(message)
      break
    case 'ask': {
      const heard = state?.heardAtMs ?? null
      const silentMs = heard === null ? null : performance.now() - heard
      const failure = state?.failure ?? state?.suspect ?? null
      say({ type: 'state', id: message.id, failure, silentMs, ...(state?.isEncrypted && { isEncrypted: true }) })
      break
    }
    case 'close':
      state?.ending.abort()
      state?.relay?.close()
      running.delete(message.id)
      break
  }
})
