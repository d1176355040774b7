import { readFileSync } from 'node:fs'

/** USER_HZ of every Linux that Node runs on. */
const TICK_MS = 10

/** CPU milliseconds, user and system, that a living process and all its threads have used (proc(5), stat fields 14 and 15). */
export const cpuMsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}
