import { type Growth, growthOf, outcomeOf } from '../../support/growth.ts'

/** What browser, page and program hold at one moment. Heaps and buffers are after a collection of garbage. */
export interface Held {
  readonly pageKiB: number
  readonly workersKiB: number
  readonly nodes: number
  readonly listeners: number
  /** Of all processes of the browser, without code; what they share is shared out (Pss). */
  readonly browserMiB: number
  readonly serverHeapMiB: number
  readonly serverBuffersMiB: number
  readonly serverMiB: number
  readonly visionMiB: number
  readonly descriptors: number
}

/**
 * What may be held more after each hour: less than a browser that is left open for a week, or a program that runs for a
 * year between restarts, would be noticed by.
 */
const mostAnHour: Readonly<Record<keyof Held, number>> = {
  pageKiB: 512,
  workersKiB: 256,
  nodes: 100,
  listeners: 50,
  browserMiB: 10,
  serverHeapMiB: 4,
  serverBuffersMiB: 2,
  serverMiB: 10,
  visionMiB: 10,
  descriptors: 2,
}

/** What grows, and how much an hour. */
export const viewerGrowth = (samples: readonly (readonly [hours: number, Held])[]): readonly Growth<keyof Held>[] =>
  growthOf(samples, mostAnHour)

const inWords = { flat: 'met', grows: 'NOT MET', unclear: 'unclear: watch longer, or on a quiet machine' } as const

/** Lines for people; the last one is the verdict. */
export const viewerVerdict = (minutes: number, growth: readonly Growth<keyof Held>[]): readonly string[] => {
  const named = (wanted: Growth['verdict']): string =>
    growth.flatMap(({ of, verdict }) => (verdict === wanted ? [of] : [])).join(', ')
  const found = (['grows', 'unclear'] as const).flatMap((each) => (named(each) ? [`${each}: ${named(each)}`] : []))
  return [
    ...growth.map(
      ({ of, slope, error, verdict }) =>
        `${of.padEnd(18)} ${slope.toFixed(2)} ± ${error.toFixed(2)} an hour (at most ${mostAnHour[of]}): ${verdict}`,
    ),
    `verdict: ${minutes} minutes watched, ${found.join('; ') || 'all flat'}; expected memory of browser and program flat (slope and twice its error within the limit): ${inWords[outcomeOf(growth)]}`,
  ]
}
