import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../src/config/config.ts'
import { readAll, readText } from '../src/read-all.ts'
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

test('a file without end is read up to its limit: memory stays', async () => {
  expect(() => readAll('/dev/zero', 100_000)).toThrow('it holds more than 100000 bytes')
  await expect(readText('/dev/zero', 100_000)).rejects.toThrow('it holds more than 100000 bytes')
  expect(() => loadConfig('/dev/zero', {})).toThrow('/dev/zero: it holds more than 67108864 bytes')
})

test('an empty file is empty, and a stream is read to its end', async () => {
  expect(readAll('/dev/null')).toHaveLength(0)
  expect(await readText(new Blob(['Jos', 'é']).stream())).toBe('José')
})
