import { readFileSync } from 'node:fs'

/** While somebody waits for a core all the time, six seconds count as one. */
const slowest = 1 / 6

/** Milliseconds since the system's start in which at least one process waited for a core; null where Linux does not tell. */
const waitedMs = (): number | null => {
  try {
    const [, total] = /^some .*total=(\d+)/m.exec(readFileSync('/proc/pressure/cpu', 'utf8')) ?? []
    return total === undefined ? null : Number(total) / 1000
  } catch {
    return null
  }
}

/**
 * A clock that runs slower while processes wait for a core, so that limits mean the same on a busy machine. Gives the
 * milliseconds since it was made; call it often.
 */
export const createGrantedClock = (elapsedMs = (): number => performance.now(), waited = waitedMs): (() => number) => {
  let [last, lastWaited, grantedMs] = [elapsedMs(), waited(), 0]
  return () => {
    const [now, nowWaited] = [elapsedMs(), waited()]
    const tookMs = now - last
    const share = lastWaited === null || nowWaited === null || tookMs <= 0 ? 0 : (nowWaited - lastWaited) / tookMs
    grantedMs += tookMs * (1 - (1 - slowest) * Math.min(1, Math.max(0, share)))
    ;[last, lastWaited] = [now, nowWaited]
    return grantedMs
  }
}
