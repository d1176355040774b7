import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { deploy } from './documents.ts'

const dockerfile = readFileSync(join(deploy, '../Dockerfile'), 'utf8')

/** A folder as in the image: no npm package `node`, and `rollcall` as a link in a folder of the PATH. */
const openImage = () => {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-image-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const folder of ['rollcall/bin', 'rollcall/src', 'local']) mkdirSync(join(root, folder), { recursive: true })
  cpSync(join(deploy, '../bin/rollcall'), join(root, 'rollcall/bin/rollcall'))
  writeFileSync(join(root, 'rollcall/src/main.ts'), 'console.log(process.version, ...process.argv.slice(2))')
  symlinkSync(join(root, 'rollcall/bin/rollcall'), join(root, 'local/rollcall'))
  return root
}

test('rollcall is in the PATH of the image and runs on its Node', () => {
  expect(dockerfile).toContain('ln -s /rollcall/bin/rollcall /usr/local/bin/rollcall')
  expect(dockerfile).toMatch(/^COPY bin\/rollcall bin\/rollcall$/m)
  expect(dockerfile).toMatch(/^ENTRYPOINT \["rollcall"\]$/m)
  const root = openImage()
  const PATH = `${join(root, 'local')}:${dirname(process.execPath)}:/usr/bin:/bin`
  const said = execFileSync('rollcall', ['people', 'list'], { env: { PATH }, encoding: 'utf8' })
  expect(said).toBe(`${process.version} people list\n`)
})

test('a Node that is too old is not taken', () => {
  const root = openImage()
  writeFileSync(join(root, 'local/node'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const env = { PATH: `${join(root, 'local')}:/usr/bin:/bin` }
  expect(() => execFileSync('rollcall', [], { env, encoding: 'utf8', stdio: 'pipe' })).toThrow('not set up yet')
})

test('the image has every folder of the project that the sources import', () => {
  const sources = readdirSync(join(deploy, '../src'), { recursive: true, encoding: 'utf8' })
  const imported = sources
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const path = join(deploy, '../src', file)
      const from = [...readFileSync(path, 'utf8').matchAll(/^(?!import type).* from '(\.[^']+\.ts)'$/gm)]
      return from.map(([, to]) => relative(join(deploy, '..'), join(dirname(path), to)).split('/')[0])
    })
  expect(imported).toContain('simulator')
  const image = dockerfile.slice(dockerfile.lastIndexOf('FROM '))
  for (const folder of new Set(imported)) expect(image).toMatch(new RegExp(`^COPY .*\\b${folder} ${folder}$`, 'm'))
})
