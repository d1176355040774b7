import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, writeSync } from 'node:fs'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'

/** What the operating system may answer in place of doing what it was asked. */
export type Errno = 'ENOSPC' | 'EIO' | 'EDQUOT' | 'EPIPE' | 'EROFS'

/** Faults of the operating system in a program that is started with `env`, and in its children. */
export interface Faults {
  /** The program is to be started with these. */
  readonly env: Readonly<Record<string, string>>
  /**
   * From now on everything that writes to a file with `part` in its path fails, and so does making such a file; a full disk
   * still makes empty ones. `torn`: the next write writes half of its bytes first, as on a disk that fills up.
   */
  fail(errno: Errno, part: string, options?: { readonly torn?: boolean }): void
  /** Sets how far the wall clock is ahead, in milliseconds; the monotonic clock stays as it is. */
  shiftClock(aheadMs: number): void
  /** Nothing fails any more; the clock stays as it is. */
  clear(): void
  /** Calls that have failed so far. */
  readonly failed: () => number
  close(): void
}

/** The layout of `struct faults` in faults.c. */
const bytes = 4096
const at = { error: 0, torn: 4, clockMs: 8, failed: 16, path: 24 } as const

const source = join(import.meta.dirname, 'faults.c')

/** The preload library, compiled once for each version of its source. */
const library = (): string => {
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const directory = resolve(import.meta.dirname, '../../.rollcall')
  const file = join(directory, `faults-${version}.so`)
  if (existsSync(file)) return file
  mkdirSync(directory, { recursive: true })
  const draft = `${file}.${process.pid}`
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', draft, source, '-ldl'], { stdio: 'inherit' })
  renameSync(draft, file)
  return file
}

/** `directory` gets the file through which this process and the program speak. Throws without a C compiler. */
export const createFaults = (directory: string): Faults => {
  const file = join(directory, 'faults')
  const fd = openSync(file, 'w+')
  writeSync(fd, Buffer.alloc(bytes), 0, bytes, 0)
  const put = (size: number, position: number, fill: (data: Buffer) => unknown): void => {
    const data = Buffer.alloc(size)
    fill(data)
    writeSync(fd, data, 0, size, position)
  }
  const clear = (): void => put(8, at.error, () => undefined)
  return {
    env: { LD_PRELOAD: library(), ROLLCALL_FAULTS: file },
    fail: (errno, part, { torn = false } = {}) => {
      // The path first: the error switches it on.
      clear()
      put(bytes - at.path, at.path, (data) => data.write(part))
      put(4, at.torn, (data) => data.writeInt32LE(torn ? 1 : 0))
      put(4, at.error, (data) => data.writeInt32LE(constants.errno[errno as keyof typeof constants.errno]))
    },
    shiftClock: (aheadMs) => put(8, at.clockMs, (data) => data.writeBigInt64LE(BigInt(Math.round(aheadMs)))),
    clear,
    failed: () => {
      const data = Buffer.alloc(8)
      readSync(fd, data, 0, 8, at.failed)
      return Number(data.readBigInt64LE())
    },
    close: () => closeSync(fd),
  }
}
