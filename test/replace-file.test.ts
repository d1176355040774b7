import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { replaceFile } from '../src/replace-file.ts'

const directory = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-replace-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}
const module = resolve('src/replace-file.ts')
const [old, next] = ['old '.repeat(10_000), 'next '.repeat(10_000)]

/** Replaces the file in a process that kills itself before a step, from 0. Returns whether it lived. */
const replaceAndDie = (file: string, atStep: number): boolean => {
  const script = `
    import { replaceFile } from ${JSON.stringify(module)}
    let left = ${atStep}
    replaceFile(${JSON.stringify(file)}, ${JSON.stringify(next)}, {
      onStep: () => left-- === 0 && process.kill(process.pid, 'SIGKILL'),
    })`
  const { status, signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script])
  if (signal === null && status !== 0) throw new Error(stderr.toString())
  return signal === null
}

test('a process that is killed at any step leaves the old file or the new one, and the next write takes what is left away', () => {
  const place = directory()
  const file = join(place, 'kept.json')
  const found: string[] = []
  for (let step = 0, hasLived = false; !hasLived; step++) {
    expect(step).toBeLessThan(20)
    writeFileSync(file, old)
    hasLived = replaceAndDie(file, step)
    const text = readFileSync(file, 'utf8')
    expect([old, next]).toContain(text)
    found.push(text === old ? 'old' : 'new')
    replaceFile(file, next)
    expect([readFileSync(file, 'utf8'), readdirSync(place)]).toEqual([next, ['kept.json']])
  }
  expect([found[0], found.at(-2), found.at(-1)]).toEqual(['old', 'new', 'new'])
})

test('it is for this user only, whatever was there and whatever is usual', () => {
  const file = join(directory(), 'secret')
  const umask = process.umask(0)
  onTestFinished(() => void process.umask(umask))
  writeFileSync(file, old, { mode: 0o666 })
  writeFileSync(`${file}.new`, old, { mode: 0o666 })
  replaceFile(file, next)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a write that fails leaves the old file, and nothing beside it', () => {
  const place = directory()
  const file = join(place, 'file')
  mkdirSync(file)
  expect(() => replaceFile(file, next)).toThrow('EISDIR')
  expect(readdirSync(place)).toEqual(['file'])
  expect(() => replaceFile(join(place, 'absent', 'file'), next)).toThrow('ENOENT')
})
