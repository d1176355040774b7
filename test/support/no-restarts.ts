import { afterAll } from 'vitest'
import { unexpectedRestarts } from './restarts.ts'

/** Fails a test file in which something was started again that no test expected. It is not tried again: once is too often. */
afterAll(() => {
  const lines = unexpectedRestarts()
  if (lines.length > 0) throw new Error(`started again, and no test expects it:\n${lines.join('\n')}`)
})
