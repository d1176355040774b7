/**
 * The server wants to know how far its reader has got: after this many events, or in this part of the time it gives.
 */
const everyEvents = 32
const partOfAge = 0.4

/**
 * Sends acknowledgements together; each `add` says that an event has been dealt with. `maxAgeMs` is how long the server
 * waits for one.
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
