import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Vitest's global setup: temporary folders of all tests and their programs lie in one, which goes when the run ends. */
export default (): (() => void) => {
  const before = process.env.TMPDIR
  const own = mkdtempSync(join(tmpdir(), 'rollcall-'))
  // Programs of other users have theirs there, too.
  chmodSync(own, 0o1777)
  process.env.TMPDIR = own
  return () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    // A program that is just ending may still write.
    rmSync(own, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
