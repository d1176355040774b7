import { type Growth, growthOf, outcomeOf } from '../../support/growth.ts'
import { medianSlope } from '../../support/slope.ts'
import type { PageHeld } from './page-memory.ts'

/** What browser, page and program hold at one moment. Heaps, buffers and objects are what is left after a collection of garbage. */
export interface Held extends PageHeld {
  readonly serverHeapMiB: number
  readonly serverBuffersMiB: number
  readonly descriptors: number
  /** Of all processes of the browser, without code; what they share is shared out (Pss). */
  readonly browserMiB: number
  readonly serverMiB: number
  readonly visionMiB: number
}

/**
 * What may be held more after each hour: less than a browser that is left open for a week, or a program that runs for a
 * year between restarts, would be noticed by. What is still in use can be counted, on a busy machine as on a quiet one.
 */
const mostCounted = {
  pageKiB: 512,
  workersKiB: 256,
  nodes: 250,
  listeners: 50,
  detached: 250,
  blobs: 10,
  pictures: 10,
  serverHeapMiB: 4,
  serverBuffersMiB: 2,
  descriptors: 2,
} as const
/** The memory of whole processes: also what allocators and compilers keep, which comes and goes with what else the machine does. */
const mostOfProcesses = { browserMiB: 10, serverMiB: 10, visionMiB: 10 } as const

const limits: Readonly<Record<keyof Held, number>> = { ...mostCounted, ...mostOfProcesses }
const isCounted = ({ of }: Growth): boolean => of in mostCounted

/**
 * What grows, and how much an hour. What is counted takes no steps, as allocators do, but a round that a busy machine cut short
 * holds less: the median of all slopes says most.
 */
export const viewerGrowth = (samples: readonly (readonly [hours: number, Held])[]): readonly Growth<keyof Held>[] => [
  ...growthOf<keyof typeof mostCounted>(samples, mostCounted, medianSlope),
  ...growthOf<keyof typeof mostOfProcesses>(samples, mostOfProcesses),
]

/** What is counted decides. The memory of processes decides only where it grows beyond all noise. */
export const viewerOutcome = (growth: readonly Growth[]): Growth['verdict'] =>
  outcomeOf(growth.filter((each) => isCounted(each) || each.verdict === 'grows'))

const inWords = { flat: 'met', grows: 'NOT MET', unclear: 'unclear: watch longer' } as const

/** Lines for people; the last one is the verdict. */
export const viewerVerdict = (minutes: number, growth: readonly Growth<keyof Held>[]): readonly string[] => {
  const named = (wanted: Growth['verdict'], from: readonly Growth[]): string =>
    from.flatMap(({ of, verdict }) => (verdict === wanted ? [of] : [])).join(', ')
  const [counted, processes] = [growth.filter(isCounted), growth.filter((each) => !isCounted(each))]
  const found = [
    ['grows', named('grows', growth)],
    ['unclear', named('unclear', counted)],
    ['lost in the noise', named('unclear', processes)],
  ].flatMap(([what, which]) => (which === '' ? [] : [`${what}: ${which}`]))
  return [
    ...growth.map(
      ({ of, slope, error, verdict }) =>
        `${of.padEnd(18)} ${slope.toFixed(2)} ± ${error.toFixed(2)} an hour (at most ${limits[of]}): ${verdict}`,
    ),
    `verdict: ${minutes} minutes watched, ${found.join('; ') || 'all flat'}; expected what page, workers and program hold flat (slope and twice its error within the limit), and no process that grows: ${inWords[viewerOutcome(growth)]}`,
  ]
}
