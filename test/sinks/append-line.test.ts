import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { appendLine } from '../../src/sinks/append-line.ts'
import { openFaults } from '../support/faults/faults.ts'
import { scratchDirectory } from '../support/footage.ts'

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

test.each([
  ['nothing', '', []],
  ['a whole line', '{"a":1}\n', [{ a: 1 }]],
  ['a line that a crash has cut', '{"a":1}\n{"b":', [{ a: 1 }]],
  ['nothing but a cut line', '{"b":', []],
  ['a line whose end somebody took away', '{"a":1}\n{"b":2}', [{ a: 1 }, { b: 2 }]],
])('after %s a line is whole', async (_, before, lines) => {
  const file = join(scratchDirectory(), 'lines.jsonl')
  if (before !== '') writeFileSync(file, before)
  await appendLine(file, '{"c":3}')
  expect(linesOf(file)).toEqual([...lines, { c: 3 }])
})

const canFail = openFaults()
canFail?.close()

test.skipIf(!canFail)('what a full disk takes of a line is cut off, or is when there is room again', async () => {
  const file = join(scratchDirectory(), 'lines.jsonl')
  appendFileSync(file, '{"a":1}\n')
  const faults = openFaults()
  if (!faults) throw new Error('there is no C compiler')
  onTestFinished(() => faults.close())
  const append = JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../src/sinks/append-line.ts')).href)
  const script = `
    import { appendLine } from ${append}
    for await (const _ of process.stdin)
      console.log(await appendLine(${JSON.stringify(file)}, JSON.stringify({ b: 'x'.repeat(500) })).then(() => 'ok', ({ code }) => code))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...faults.env },
  })
  onTestFinished(() => void child.kill())
  const outcome = async (...rules: readonly string[]) => {
    faults.set(...rules)
    child.stdin.write('go')
    return String((await once(child.stdout, 'data'))[0]).trim()
  }
  expect(await outcome(`write room:100 ${file}`)).toBe('ENOSPC')
  expect(linesOf(file)).toEqual([{ a: 1 }])
  expect(await outcome(`truncate EIO ${file}`, `write room:100 ${file}`)).toBe('ENOSPC')
  expect(await outcome()).toBe('ok')
  expect(linesOf(file)).toEqual([{ a: 1 }, { b: 'x'.repeat(500) }])
})
