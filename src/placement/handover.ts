import type { Log } from '../types.ts'
import type { Slot } from './assign.ts'
import type { Claim } from './slots.ts'

/** Whom a worker waits for before it opens a camera. */
export interface HandoverParts {
  /** This process, as in `MemberData`. */
  readonly worker: string
  /** Whether the worker of a claim is a member of the group. Rejects when Kafka is away. */
  readonly isMember: (worker: string) => Promise<boolean>
  /** How long an owner may take to close a camera before it is opened here all the same, milliseconds. */
  readonly handoverMs: number
  /** A monotonic clock, milliseconds. */
  readonly elapsedMs: () => number
  readonly log: Log
}

/** Old owner first: many cameras allow one session. */
export interface Handover {
  /** Whether the camera of a claim may be opened here now. Asked again until it may. */
  isFree(slot: Slot, claim: Claim | null): Promise<boolean>
  /** The slot is not waited for any more. */
  forget(slot: Slot): void
}

/**
 * A camera that another worker has claimed is free when the claim says closed, when its owner is no member any more, or after
 * `handoverMs`. Who leaves is no member, and says closed all the same.
 */
export const createHandover = ({ worker, isMember, handoverMs, elapsedMs, log }: HandoverParts): Handover => {
  const sinceMs = new Map<Slot, number>()
  return {
    isFree: async (slot, claim) => {
      if (claim === null || claim.worker === worker || claim.state === 'closed') return true
      const since = sinceMs.get(slot) ?? elapsedMs()
      sinceMs.set(slot, since)
      if (elapsedMs() - since < handoverMs) return claim.state === 'open' && !(await isMember(claim.worker))
      log.warn(
        { camera: claim.camera, slot, owner: claim.name },
        'the owner of a camera does not say that it has closed it: it is opened here all the same',
      )
      return true
    },
    forget: (slot) => void sinceMs.delete(slot),
  }
}
