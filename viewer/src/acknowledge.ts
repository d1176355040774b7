/** The server wants to know how far its reader has got: after this many events, or this long after the first of them. */
const everyEvents = 32
const everyMs = 400

/** Sends acknowledgements together; each `add` says that an event has been dealt with. */
export const createAcknowledger = (send: (seq: number) => void) => {
  let newest = 0
  let count = 0
  let timer: number | undefined
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
      else timer ??= window.setTimeout(flush, everyMs)
    },
    close: (): void => clearTimeout(timer),
  }
}
