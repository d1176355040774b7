/** A message costs as many as these: to read a subscription of 16 KiB takes as long as a hundred acknowledgements. */
const bytesAMessage = 160

/**
 * A token bucket that holds one second's worth: true while no more than `perSecond` messages a second come, of `bytes` each. A big
 * message counts as several. `ageMs` is a clock that never jumps.
 */
export const createMessageAllowance = (perSecond: number, ageMs: () => number): ((bytes: number) => boolean) => {
  let left = perSecond
  let atMs = ageMs()
  return (bytes) => {
    const nowMs = ageMs()
    left = Math.min(perSecond, left + ((nowMs - atMs) / 1000) * perSecond)
    atMs = nowMs
    left -= 1 + Math.floor(bytes / bytesAMessage)
    return left >= 0
  }
}
