import { vi } from 'vitest'

/**
 * Resolves when `check` no longer throws. It may take twenty seconds, where Vitest gives one: on a busy machine what comes
 * late is no fault, and what does not come at all is found all the same.
 */
export const eventually = <Value>(check: () => Value | Promise<Value>): Promise<Value> =>
  vi.waitFor(check, { timeout: 20_000, interval: 5 })
