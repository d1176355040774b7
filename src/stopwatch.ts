import type { Histogram } from 'prom-client'
import type { Timed } from './operators/analysed.ts'

/** Times work, synchronous or a promise, into a histogram with the label `stage`. */
export const stopwatch = (histogram: Histogram<'stage'>): Timed => {
  return (stage, work) => {
    const end = histogram.startTimer({ stage })
    const result = work()
    if (result instanceof Promise) result.finally(end).catch(() => {})
    else end()
    return result
  }
}
