import type { SessionQuirks } from './quirks.ts'

/** How many sessions a server has, for one that allows few. */
export interface SessionLimit {
  /** Takes a place; false when there is none. */
  take(id: string): boolean
  /** Gives a place back: at once after TEARDOWN, else when the camera has noticed. */
  free(id: string, isClean: boolean): void
}

/** `now` is milliseconds. */
export const createSessionLimit = (
  { most = Number.POSITIVE_INFINITY, keptMs = 0 }: SessionQuirks,
  now: () => number,
): SessionLimit => {
  /** Until when each counts. */
  const taken = new Map<string, number>()
  return {
    take: (id) => {
      for (const [each, untilMs] of taken) if (untilMs <= now()) taken.delete(each)
      if (taken.size >= most) return false
      taken.set(id, Number.POSITIVE_INFINITY)
      return true
    },
    free: (id, isClean) => {
      if (isClean || keptMs === 0) taken.delete(id)
      else if (taken.has(id)) taken.set(id, now() + keptMs)
    },
  }
}
