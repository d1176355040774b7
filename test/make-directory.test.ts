import { execFileSync } from 'node:child_process'
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeDirectory, makeDirectorySoon } from '../src/make-directory.ts'
import { scratchDirectory } from './support/footage.ts'

const both = [
  ['at once', async (path: string, mode?: number) => makeDirectory(path, { ...(mode && { mode }) })],
  ['soon', async (path: string, mode?: number) => makeDirectorySoon(path, { ...(mode && { mode }) })],
] as const

test.each(both)('%s: makes all that is missing, with its rights, and twice is no mistake', async (_, make) => {
  const top = scratchDirectory()
  for (let i = 0; i < 2; i++) await make(join(top, 'a/b/c'), 0o700)
  expect(statSync(join(top, 'a/b/c')).mode & 0o777).toBe(0o700)
  expect(statSync(join(top, 'a')).mode & 0o777).toBe(0o700)
})

test.each(both)('%s: a file in the way is told', async (_, make) => {
  const top = scratchDirectory()
  writeFileSync(join(top, 'file'), '')
  symlinkSync('nowhere', join(top, 'dangling'))
  await expect(make(join(top, 'file'))).rejects.toThrow('EEXIST')
  await expect(make(join(top, 'file/a'))).rejects.toThrow('ENOTDIR')
  await expect(make(join(top, 'file/a/b'))).rejects.toThrow('ENOTDIR')
  await expect(make(join(top, 'dangling'))).rejects.toThrow('EEXIST')
})

// Node's own mkdir tries these for ever, so they run where they can be stopped.
test.each([
  ['/', '/proc/rollcall/a', 'ENOENT'],
  ['gone', 'a/b', 'ENOENT'],
])('a place where none can be made is told at once: in %s, %s', (from, path, expected) => {
  const directory = from === 'gone' ? join(scratchDirectory(), 'gone') : from
  if (from === 'gone') mkdirSync(directory)
  const program = `
    import { makeDirectory, makeDirectorySoon } from '${join(import.meta.dirname, '../src/make-directory.ts')}'
    if (process.argv[1] === 'gone') (await import('node:fs')).rmdirSync(process.cwd())
    try { makeDirectory(process.argv[2]) } catch (error) { console.log(error.code) }
    await makeDirectorySoon(process.argv[2]).catch((error) => console.log(error.code))`
  const arguments_ = ['--input-type=module', '-e', program, from, path]
  const out = execFileSync(process.execPath, arguments_, { cwd: directory, encoding: 'utf8', timeout: 20_000 })
  expect(out).toBe(`${expected}\n${expected}\n`)
})
