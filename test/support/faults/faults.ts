import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const source = join(import.meta.dirname, 'faults.c')
const library = join(import.meta.dirname, '../../../.rollcall/faults.so')

const mtimeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** The preload library, compiled when it is missing or old; null without a C compiler, or where there is no preloading. */
export const faultLibrary = (): string | null => {
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

/** A program's disk that a test breaks and mends while the program runs. */
export interface Faults {
  /** The environment of the program. */
  readonly env: { readonly LD_PRELOAD: string; readonly ROLLCALL_FAULTS: string }
  /** From now on these rules hold, and no earlier ones: `CALLS ACTION PATH`, see `faults.c`. Without any the disk is well. */
  set(...rules: readonly string[]): void
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
  set()
  return {
    env: { LD_PRELOAD: preload, ROLLCALL_FAULTS: file },
    set,
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}
