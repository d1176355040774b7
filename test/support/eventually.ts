import { setTimeout as pause } from 'node:timers/promises'

/**
 * Resolves with what `check` gives when it no longer throws. It may take twenty seconds, where Vitest gives one: on a busy
 * machine what comes late is no fault, and what does not come at all is found all the same. What is not so at once is
 * looked at less and less often, down to thirty times a second: each look takes time from what it waits for. `patienceMs` is for
 * what waits by itself, such as for the time-outs of a broker.
 */
export const eventually = async <Value>(check: () => Value | Promise<Value>, patienceMs = 20_000): Promise<Value> => {
  const untilMs = performance.now() + patienceMs
  for (let pauseMs = 2; ; pauseMs = Math.min(1.5 * pauseMs, 33)) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > untilMs) throw error
    }
    await pause(pauseMs)
  }
}
