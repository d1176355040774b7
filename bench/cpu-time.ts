import { readdirSync, readFileSync } from 'node:fs'

/** USER_HZ of every Linux that Node runs on. */
const TICK_MS = 10

/** A process's own CPU ticks, user and system, and those of its children that have ended (proc(5), stat fields 14 to 17). */
const ticksOf = (pid: number): { readonly own: number; readonly ended: number } => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number)
  return { own: user + system, ended: endedUser + endedSystem }
}

/** The children of a living process, whichever of its threads started them. */
const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number),
  )

/** The process and all below it that are alive, itself first. */
export const treeOf = (pid: number): readonly number[] => [pid, ...childrenOf(pid).flatMap(treeOf)]

/** CPU milliseconds, user and system, of a living process and of all below it, those that have ended too. */
export const treeCpuMsOf = (pid: number): number =>
  treeOf(pid)
    .map(ticksOf)
    .reduce((sum, { own, ended }) => sum + own + ended, 0) * TICK_MS

/** What threads do, by the names that Node, GStreamer and Rollcall give them. */
const doings: readonly (readonly [name: RegExp, doing: string])[] = [
  [/^MainThread$/, 'main'],
  [/^(V8Worker|libuv-worker)$/, 'of Node'],
  [/^WorkerThread$/, 'relay'],
  [/^(units:src|decoder)/, 'decoding'],
  [/./, 'receiving'],
]

/** CPU milliseconds of the living threads of a process and of all below it: by process (`first`, `below`) and what they do. */
export const threadCpuMsOf = (pid: number): ReadonlyMap<string, number> => {
  const used = new Map<string, number>()
  for (const process of treeOf(pid))
    for (const thread of readdirSync(`/proc/${process}/task`)) {
      const of = (file: string): string => readFileSync(`/proc/${process}/task/${thread}/${file}`, 'utf8').trim()
      try {
        const doing = doings.find(([name]) => name.test(of('comm')))?.[1] ?? ''
        const key = `${process === pid ? 'first' : 'below'} ${doing}`
        // The first of three numbers is nanoseconds on a CPU.
        used.set(key, (used.get(key) ?? 0) + Number(of('schedstat').split(' ')[0]) / 1e6)
      } catch {
        // It has ended meanwhile.
      }
    }
  return used
}

/** CPU milliseconds, user and system, that a living process and all its threads have used. */
export const cpuMsOf = (pid: number): number => ticksOf(pid).own * TICK_MS

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}

/** Has a mean and, of several values, its standard error. */
interface MeanAndError {
  readonly mean: number
  readonly error: number | null
}

/** The mean of at least one value, and its standard error. */
export const meanAndError = (values: readonly number[]): MeanAndError => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, error: values.length > 1 ? Math.sqrt(squares / (values.length - 1) / values.length) : null }
}

/** For people: `0.352 ± 0.004`, or the mean alone. */
export const withError = (values: readonly number[]): string => {
  const { mean, error } = meanAndError(values)
  return error === null ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${error.toFixed(3)}`
}
