/** Ends what a call of `on…` began. */
export type Off = () => void

/** Those who want to know of something. */
export interface Listeners<Value> {
  readonly add: (listener: (value: Value) => void | Promise<void>) => Off
  /** Tells all. A promise is returned when a listener has returned one; it is resolved when all are settled. */
  readonly tell: (value: Value) => undefined | Promise<void>
}

/** An error in a listener is the page's or the program's own: it is reported as uncaught, and stops nobody else. */
const report = (error: unknown): void =>
  queueMicrotask(() => {
    throw error
  })

/** Makes an empty list of listeners. */
export const createListeners = <Value>(): Listeners<Value> => {
  const listeners = new Set<(value: Value) => void | Promise<void>>()
  return {
    add: (listener) => {
      // A listener that is added twice is told twice.
      const own = (value: Value) => listener(value)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    tell: (value) => {
      const pending: Promise<void>[] = []
      for (const listener of listeners) {
        try {
          const result = listener(value)
          if (result instanceof Promise) pending.push(result.catch(report))
        } catch (error) {
          report(error)
        }
      }
      return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined)
    },
  }
}
