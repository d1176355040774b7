import { readFileSync } from 'node:fs'

/** What the kernel says of a process's main thread at one moment. */
export interface MainThread {
  /** `T` is stopped (SIGSTOP), `D` waits for a disk or a device; see proc(5). */
  readonly state: string
  /** Processor time used so far, in clock ticks. */
  readonly ticks: number
}

/** The fields of `/proc/PID/stat` after the name: state is the first; utime and stime are the 12th and 13th. */
const UTIME = 11

/** Reads the main thread of a process. Null when it is gone, or the system has no `/proc`. */
export const mainThread = (pid: number): MainThread | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8')
    // The name is in parentheses and may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', ticks: Number(fields[UTIME]) + Number(fields[UTIME + 1]) }
  } catch {
    return null
  }
}
