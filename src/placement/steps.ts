import type { Slot } from './assign.ts'

/** Steps of slots: of one slot one after the other, of several at the same time. */
export interface Steps {
  /** Does a step for the slot; after the one that is being done. */
  next(slot: Slot): void
  /** Resolves when no step is left. */
  readonly over: () => Promise<void>
}

/** `onFailure` hears why a step rejected. It is not repeated by itself. */
export const createSteps = (
  step: (slot: Slot) => Promise<void>,
  onFailure: (slot: Slot, error: unknown) => void,
): Steps => {
  const running = new Map<Slot, Promise<void>>()
  const again = new Set<Slot>()
  const run = async (slot: Slot): Promise<void> => {
    try {
      while (again.delete(slot)) await step(slot)
    } catch (error) {
      onFailure(slot, error)
    }
    running.delete(slot)
  }
  return {
    next: (slot) => {
      again.add(slot)
      if (!running.has(slot)) running.set(slot, run(slot))
    },
    over: async () => {
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}
