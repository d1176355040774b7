/**
 * A token bucket that holds one second's worth: true while no more than `perSecond` calls a second come. `ageMs` is a
 * clock that never jumps.
 */
export const createMessageAllowance = (perSecond: number, ageMs: () => number): (() => boolean) => {
  let left = perSecond
  let atMs = ageMs()
  return () => {
    const nowMs = ageMs()
    left = Math.min(perSecond, left + ((nowMs - atMs) / 1000) * perSecond)
    atMs = nowMs
    return --left >= 0
  }
}
