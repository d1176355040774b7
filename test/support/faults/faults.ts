import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const source = join(import.meta.dirname, 'faults.c')
const library = join(import.meta.dirname, '../../../.rollcall/faults.so')

const mtimeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** The preload library, compiled when it is missing or old; null without a C compiler, or where there is no preloading. */
const faultLibrary = (): string | null => {
  if (process.platform !== 'linux') return null
  if (mtimeOf(library) > mtimeOf(source)) return library
  mkdirSync(join(library, '..'), { recursive: true })
  const draft = `${library}.${process.pid}`
  try {
    execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-o', draft, source, '-ldl', '-lpthread'])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  // Several test files may compile at the same time.
  renameSync(draft, library)
  return library
}

/** A program's disk and clock, which a test breaks and mends while the program runs. */
export interface Faults {
  /** The environment of the program. */
  readonly env: {
    readonly LD_PRELOAD: string
    readonly ROLLCALL_FAULTS: string
    readonly ROLLCALL_CLOCK: string
  }
  /** From now on these rules hold, and no earlier ones: `CALLS ACTION PATH`, see `faults.c`. Without any the disk is well. */
  set(...rules: readonly string[]): void
  /** Sets how far the program's wall clock is ahead, in milliseconds; its monotonic clock stays as it is. */
  shiftClock(aheadMs: number): void
  /** Removes the file of the rules. */
  close(): void
}

/** Null where the library cannot be had: skip the test then. */
export const openFaults = (): Faults | null => {
  const preload = faultLibrary()
  if (preload === null) return null
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-faults-'))
  const file = join(directory, 'rules')
  const set = (...rules: readonly string[]): void => {
    writeFileSync(`${file}.new`, rules.map((rule) => `${rule}\n`).join(''))
    renameSync(`${file}.new`, file)
  }
  const clock = join(directory, 'clock')
  // Written in place: the program has mapped the file.
  const shiftClock = (aheadMs: number): void => {
    const data = Buffer.alloc(8)
    data.writeBigInt64LE(BigInt(Math.round(aheadMs)))
    const fd = openSync(clock, constants.O_RDWR | constants.O_CREAT, 0o600)
    writeSync(fd, data, 0, data.length, 0)
    closeSync(fd)
  }
  set()
  shiftClock(0)
  return {
    env: { LD_PRELOAD: preload, ROLLCALL_FAULTS: file, ROLLCALL_CLOCK: clock },
    set,
    shiftClock,
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}
