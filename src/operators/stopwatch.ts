import type { Histogram } from 'prom-client'
import type { StageTimer } from './analysed.ts'

/**
 * Measures synchronous work and promises, in seconds, into a histogram with the label `stage`. A rejected promise is
 * measured too.
 */
export const stopwatch = (histogram: Histogram<'stage'>): StageTimer => {
  return (stage, work) => {
    const end = histogram.startTimer({ stage })
    const result = work()
    if (result instanceof Promise) result.finally(end).catch(() => {})
    else end()
    return result
  }
}
