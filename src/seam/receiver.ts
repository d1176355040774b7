import { setTimeout as sleep } from 'node:timers/promises'
import { RollcallError } from '../errors.ts'
import { redact } from '../kafka/client.ts'
import { reasonOf } from '../kafka/failure.ts'
import { beMember, type State } from './membership.ts'
import type { ReceiverDeps, Taking } from './taking.ts'
import type { SeamPlace } from './topic.ts'

const RETRY_MS = { first: 200, most: 5000 }

/** Reads the records of a site, one identity process at a time. Owned by who opened it, who closes it. */
export interface Receiver {
  /** Why `/readyz` says no: the brokers are away, or another process reads. */
  reasons(): readonly string[]
  /** Whether the records come to this process, and to no other. */
  isOwner(): boolean
  close(): Promise<void>
}

/** A receiver that stands by until its process knows the people of the site. */
export interface StandingReceiver extends Receiver {
  /** Resolves when the group has given the site to this process; rejects with SINK when the topic cannot be used. */
  readonly elected: Promise<void>
  /** Takes records from now on. When another process gets the site, it is fatal. */
  begin(taking: Taking): void
  /** Takes no more, and keeps the site until it is closed. */
  end(): void
}

/** Reads until it is closed, from where the ledger says; connects again whenever that is needed. */
export const openReceiver = (place: SeamPlace, deps: ReceiverDeps & Taking): Receiver =>
  open(place, deps, { ...asleep(), taking: deps })

/**
 * Joins the group of identity processes, of which one has the site: that keeps it while it is there. The people are in a topic that all
 * of them read, so whoever is elected may take the faces.
 */
export const openStandingReceiver = (place: SeamPlace, deps: ReceiverDeps): StandingReceiver => {
  const elected = Promise.withResolvers<void>()
  elected.promise.catch(() => undefined)
  const state: State = { ...asleep(), standing: { elected, joinedMs: Date.now(), ownsSinceMs: null } }
  const receiver = open(place, deps, state)
  return {
    ...receiver,
    elected: elected.promise,
    begin: (taking) => {
      state.taking = taking
      state.begun.resolve()
      state.goOn?.()
    },
    end: () => {
      state.taking = null
      state.begun = Promise.withResolvers()
    },
  }
}

const asleep = (): State => ({
  failure: 'it has not been reached yet',
  isOwner: false,
  taking: null,
  standing: null,
  begun: Promise.withResolvers<void>(),
  goOn: null,
})

const open = (place: SeamPlace, deps: ReceiverDeps, state: State): Receiver => {
  const { log } = deps
  const stopped = new AbortController()
  const isStopped = (): boolean => stopped.signal.aborted

  const work = async (): Promise<void> => {
    let waitMs = RETRY_MS.first
    while (!isStopped()) {
      try {
        await beMember(place, deps, state, stopped.signal)
      } catch (error) {
        if (error instanceof RollcallError) {
          state.standing?.elected.reject(error)
          state.taking?.onFatal(error)
          return
        }
        // It was a member until now.
        if (state.failure === null) waitMs = RETRY_MS.first
        const reason = redact(place.options, reasonOf(error))
        if (state.failure !== reason) log.warn({ topic: place.topic, reason }, 'faces cannot be read from kafka')
        state.failure = reason
      }
      state.isOwner = false
      await sleep(waitMs, undefined, { signal: stopped.signal }).catch(() => undefined)
      waitMs = Math.min(2 * waitMs, RETRY_MS.most)
    }
  }
  const working = work()
  return {
    reasons: () => {
      if (state.failure !== null) return [`seam.kafka: no faces come from ${place.topic}: ${state.failure}`]
      return state.isOwner ? [] : [`seam.kafka: another identity process reads ${place.topic}, and this one waits`]
    },
    isOwner: () => state.isOwner,
    close: async () => {
      stopped.abort()
      await working
    },
  }
}
