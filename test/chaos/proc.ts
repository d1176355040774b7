import { readdirSync, readFileSync } from 'node:fs'

/** What a process holds. */
export interface Held {
  readonly descriptors: number
  readonly threads: number
  readonly rssMiB: number
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process has just ended.
    return ''
  }
}

/** Nothing of a process that has ended. */
export const heldBy = (pid: number): Held => {
  const status = read(`/proc/${pid}/status`)
  const number = (field: string): number => Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  let descriptors = 0
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`).length
  } catch {
    // The same.
  }
  return { descriptors, threads: number('Threads'), rssMiB: number('VmRSS') / 1024 }
}

/** Of several processes together. */
export const sumOf = (all: readonly Held[]): Held => ({
  descriptors: all.reduce((sum, each) => sum + each.descriptors, 0),
  threads: all.reduce((sum, each) => sum + each.threads, 0),
  rssMiB: all.reduce((sum, each) => sum + each.rssMiB, 0),
})

/** Whether the process runs or is stopped; false for one that has ended, also where nobody has waited for it yet. */
export const lives = (pid: number): boolean => /^State:\s*[^ZX\s]/m.test(read(`/proc/${pid}/status`))

/** The children whose command line has `part` in it, in the order of their start. */
export const childrenOf = (pid: number, part: string): number[] =>
  read(`/proc/${pid}/task/${pid}/children`)
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map(Number)
    .filter((child) => read(`/proc/${child}/cmdline`).includes(part))

/** What processes take together, MiB: their own memory, and once the files that they share, such as their code. */
export const takenBy = (pids: readonly number[]): number => {
  const sizes = pids.map((pid) => {
    const text = read(`/proc/${pid}/smaps_rollup`)
    const kib = (field: string): number => Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0)
    return { own: kib('Anonymous'), files: kib('Rss') - kib('Anonymous') }
  })
  return (sizes.reduce((sum, { own }) => sum + own, 0) + Math.max(0, ...sizes.map(({ files }) => files))) / 1024
}
