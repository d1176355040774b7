import { readdirSync, readFileSync } from 'node:fs'
import { treeOf } from './cpu-time.ts'

/** What a process and all below it hold. */
export interface Held {
  readonly processes: number
  /** Memory, what is shared divided among those who share it (`Pss` of proc(5)), MiB. */
  readonly mib: number
  readonly threads: number
  readonly descriptors: number
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const mibOf = (pid: number): number => {
  const [, kib] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
  return Number(kib) / 1024
}

/** What a living process and all below it hold now. */
export const heldBy = (pid: number): Held => {
  const tree = treeOf(pid)
  const entries = (folder: string): number => sum(tree.map((each) => readdirSync(`/proc/${each}/${folder}`).length))
  return {
    processes: tree.length,
    mib: sum(tree.map(mibOf)),
    threads: entries('task'),
    descriptors: entries('fd'),
  }
}
