import { Observable, of } from 'rxjs'
import { type CameraFailure, failureError } from '../../ingest/camera-failure.ts'
import { listenFor } from '../../ingest/relay/listen.ts'
import type { SeenLogins } from '../../ingest/relay/login.ts'
import type { RelayListener, RtspTap } from '../../ingest/relay/loopback.ts'
import { networkFailure } from '../../ingest/relay/network-failure.ts'
import type { Relay, Relays } from '../../ingest/relay/relays.ts'
import { Refused } from '../../ingest/relay/rtsp-failures.ts'
import type { RelayTarget } from '../../ingest/relay/target.ts'

/**
 * Relays that run in this thread instead of their own, so that `tap` hears what an RTSP camera sends. `seen` notes how the
 * camera asks for the login. For one camera that is looked at for seconds; under load it would be in the way.
 */
export const tappedRelays = (tap: RtspTap, seen: SeenLogins): Pick<Relays, 'open'> => ({
  open: (target) =>
    new Observable<Relay>((subscriber) => {
      const ending = new AbortController()
      let isGiven = false
      const given = (relay: Relay): void => {
        isGiven = true
        subscriber.next(relay)
        subscriber.complete()
      }
      openTapped(target, seen, tap, ending).then(given, (error) => subscriber.error(error))
      return () => {
        if (!isGiven) ending.abort()
      }
    }),
})

/** Rejects with a RollcallError. */
const openTapped = async (
  target: RelayTarget,
  seen: SeenLogins,
  tap: RtspTap,
  ending: AbortController,
): Promise<Relay> => {
  const state: { failure: CameraFailure | null; heardAtMs: number | null } = { failure: null, heardAtMs: null }
  let relay: Relay | null = null as Relay | null
  const hears: RelayListener = {
    failed: (failure) => {
      state.failure = failure
      relay?.onFailure(failure)
    },
    suspect: (failure) => {
      state.failure ??= failure
    },
    lost: (what) => relay?.onLoss(what),
    encrypted: () => {},
    heard: () => {
      state.heardAtMs = performance.now()
    },
    tap,
  }
  try {
    const opened = await listenFor(target, seen, hears, ending.signal)
    const made: Relay = {
      location: opened.location,
      secret: opened.secret,
      isPlaylist: opened.isPlaylist,
      inClear: seen.inClear,
      onFailure: () => undefined,
      onLoss: () => undefined,
      get state$() {
        const { failure, heardAtMs } = state
        return of({ failure, silentMs: heardAtMs === null ? null : performance.now() - heardAtMs })
      },
      close: () => {
        ending.abort()
        opened.close()
      },
    }
    relay = made
    return made
  } catch (error) {
    if (error instanceof Refused) throw failureError(error.failure)
    throw failureError(networkFailure('127.0.0.1', error as NodeJS.ErrnoException))
  }
}
