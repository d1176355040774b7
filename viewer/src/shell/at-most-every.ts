/** Something that is done again and again, when it is asked for. */
export interface Often {
  /** Does it at once; soon after the last time, when the time is over. */
  readonly ask: () => void
  /** Does it no more, unless it is asked for again. */
  readonly stop: () => void
}

/** `act` is done at once, and then no more often than every `ms` milliseconds, however often it is asked for. */
export const atMostEvery = (ms: number, act: () => void): Often => {
  let resting: ReturnType<typeof setTimeout> | undefined
  let isAsked = false
  const ask = (): void => {
    isAsked = resting !== undefined
    if (isAsked) return
    resting = setTimeout(() => {
      resting = undefined
      if (isAsked) ask()
    }, ms)
    act()
  }
  return {
    ask,
    stop: () => {
      clearTimeout(resting)
      resting = undefined
      isAsked = false
    },
  }
}
