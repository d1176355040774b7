import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../src/config/config.ts'
import { readAll } from '../src/read-all.ts'
import { scratchDirectory } from './support/footage.ts'

const named = (): string => {
  const path = join(scratchDirectory(), 'pipe')
  execFileSync('mkfifo', [path])
  return path
}

/** A program that has the pipe open, and writes in two parts with a pause. */
const writing = async (path: string): Promise<void> => {
  const script = `exec 1<>"$0"; echo ready >&2; printf 'site: a'; sleep 0.3; printf 'b'`
  const writer = spawn('sh', ['-c', script, path], { stdio: ['ignore', 'ignore', 'pipe'] })
  await once(writer.stderr, 'data')
}

test('reads a file, and a pipe to the end of its writer', async () => {
  const file = join(scratchDirectory(), 'file')
  writeFileSync(file, 'text')
  expect(readAll(file).toString()).toBe('text')
  const pipe = named()
  await writing(pipe)
  expect(readAll(pipe).toString()).toBe('site: ab')
})

test('a pipe without a writer is told at once, for a configuration and for a secret', () => {
  const pipe = named()
  expect(() => loadConfig(pipe, {})).toThrow(`${pipe}: it is a pipe that nobody writes to`)
  const file = join(scratchDirectory(), 'site.yaml')
  writeFileSync(file, `site: \${file:${pipe}}\n`)
  expect(() => loadConfig(file, {})).toThrow(`the file ${pipe} of a secret cannot be read: it is a pipe that nobody`)
})
