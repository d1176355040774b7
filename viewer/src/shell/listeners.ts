/** A list of listeners: `add` returns how to remove one again. */
export interface Listeners<Args extends readonly unknown[], Result = void> {
  readonly add: (listener: (...args: Args) => Result) => () => void
  /** Calls all of them, in the order in which they were added. */
  readonly call: (...args: Args) => Result[]
}

/** An empty list of listeners. */
export const createListeners = <Args extends readonly unknown[], Result = void>(): Listeners<Args, Result> => {
  const all = new Set<(...args: Args) => Result>()
  return {
    add: (listener) => {
      all.add(listener)
      return () => void all.delete(listener)
    },
    call: (...args) => [...all].map((listener) => listener(...args)),
  }
}
