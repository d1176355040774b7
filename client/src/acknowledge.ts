/** An acknowledgement is sent after this many events, or after this part of the time that the server waits. */
const everyEvents = 32
const partOfAge = 0.4

/**
 * Sends acknowledgements of events together: after 32 events, or after 0.4 of `maxAgeMs`, the time that the server
 * waits for one. `add` notes that an event has been dealt with.
 */
export const createAcknowledger = (send: (seq: number) => void, maxAgeMs: number) => {
  const everyMs = Math.round(partOfAge * maxAgeMs)
  let newest = 0
  let count = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    count = 0
    send(newest)
  }
  return {
    add: (seq: number): void => {
      newest = seq
      count += 1
      if (count >= everyEvents) flush()
      else timer ??= setTimeout(flush, everyMs)
    },
    close: (): void => clearTimeout(timer),
  }
}
