import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { openFaults } from '../support/faults/faults.ts'
import { scratchDirectory } from '../support/footage.ts'

const faults = openFaults()

/** Logs a line for each line of its stdin, and then says so on stdout. */
const program = (format: string): string => `
  const { createLog } = await import('./src/config/log.ts')
  const { createInterface } = await import('node:readline')
  const log = createLog({ level: 'info', format: '${format}' }, 'test')
  for await (const line of createInterface({ input: process.stdin })) { log.info({}, line); console.log(line) }`

test.skipIf(!faults).each([...['ENOSPC', 'EIO', 'EDQUOT'].map((errno) => [errno, 'json']), ['ENOSPC', 'text']])(
  '%s of the log (%s) ends nothing, and later entries are written',
  async (errno, format) => {
    onTestFinished(() => faults?.set())
    const file = join(scratchDirectory(), 'log')
    const fd = openSync(file, 'w')
    const args = ['--input-type=module', '-e', program(format as string)]
    const env = { ...process.env, ...faults?.env }
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', fd], env })
    const [stdin, stdout] = [child.stdin as Writable, child.stdout as Readable]
    closeSync(fd)
    const gone = once(child, 'exit')
    const lines = createInterface({ input: stdout })
    const say = async (text: string): Promise<void> => {
      const answer = Promise.race([
        once(lines, 'line'),
        gone.then(([code]) => Promise.reject(new Error(`ended: ${code}`))),
      ])
      stdin.write(`${text}\n`)
      await answer
    }
    await say('before')
    faults?.set(`write ${errno} ${file}`)
    for (let i = 0; i < 10; i++) await say('meanwhile')
    faults?.set()
    await say('afterwards')
    stdin.end()
    const [code] = await gone
    expect(code).toBe(0)
    const logged = readFileSync(file, 'utf8')
    expect(logged).toContain('before')
    expect(logged).toContain('afterwards')
  },
)
