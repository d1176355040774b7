import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { pack } from '../../deploy/npm/pack.ts'
import { personalityNames } from '../../simulator/personalities.ts'
import { partOf, scratchDirectory } from '../support/footage.ts'

const dependencies = join(import.meta.dirname, '../../node_modules')

/** The package as npm unpacks it, in a folder node_modules, with this checkout's dependencies. */
const unpacked = (): { readonly scratch: string; readonly installed: string } => {
  const scratch = scratchDirectory()
  const installed = join(scratch, 'lib/node_modules/rollcall')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', pack(scratch), '-C', installed, '--strip-components=1'])
  symlinkSync(dependencies, join(installed, 'node_modules'))
  return { scratch, installed }
}

test('the package installs, and runs below node_modules', async () => {
  const { scratch, installed } = unpacked()
  execFileSync(process.execPath, [join(installed, 'native/install.mjs')])
  expect(existsSync(join(installed, 'native/build/rollcall_native.node'))).toBe(true)
  const rollcall = join(installed, 'bin/rollcall')
  expect(execFileSync(rollcall, ['--version'], { encoding: 'utf8' })).toMatch(/^rollcall \d+\.\d+\.\d+\n$/)
  // A worker, the addon, the models and the state.
  const clip = await partOf('cafe', 14, 16, join(scratch, 'cafe.mp4'))
  const events = execFileSync(
    rollcall,
    ['run', '--until-end', '--camera', `cafe=${clip}`, '--state', join(scratch, 'state'), '--events', '-'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  expect(events.includes('"type":"rollcall.person.created.v1"')).toBe(true)
  // The process that decodes photos and the one that measures them.
  const wall = join(scratch, 'wall.png')
  await sharp({ create: { width: 64, height: 64, channels: 3, background: 'grey' } }).toFile(wall)
  const verified = spawnSync(rollcall, ['verify', wall, wall, '--json'], { encoding: 'utf8' })
  expect(verified.status).toBe(2)
  expect(verified.stdout + verified.stderr).toMatch(/no face/i)
  // What is looked for by the names of source files.
  const listed = execFileSync(rollcall, ['simulate', '--list'], { encoding: 'utf8' })
  for (const name of personalityNames()) expect(listed).toContain(name)
})

test('runs on the Node that npm has put into it or beside it, and needs no script for that', () => {
  const { installed } = unpacked()
  const { dependencies: needed, optionalDependencies } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  )
  expect(needed).not.toHaveProperty('node')
  expect(optionalDependencies).toHaveProperty(`node-linux-${process.arch}`)
  rmSync(join(installed, 'node_modules'))
  for (const folder of [join(installed, 'node_modules'), dirname(installed)]) {
    const node = join(folder, `node-linux-${process.arch}`, 'bin/node')
    mkdirSync(dirname(node), { recursive: true })
    writeFileSync(node, '#!/bin/sh\necho "$0"\n', { mode: 0o755 })
    expect(realpathSync(execFileSync(join(installed, 'bin/rollcall'), { encoding: 'utf8' }).trim())).toBe(
      realpathSync(node),
    )
    rmSync(node)
  }
})

test('says in one line what is missing where the addon can neither be loaded nor built', () => {
  const folder = join(scratchDirectory(), 'native')
  mkdirSync(folder)
  cpSync(join(import.meta.dirname, '../../deploy/npm/install.mjs'), join(folder, 'install.mjs'))
  mkdirSync(join(folder, 'prebuilt'))
  writeFileSync(join(folder, `prebuilt/${process.platform}-${process.arch}.node`), 'of another machine')
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'install.mjs')], {
    encoding: 'utf8',
    env: { PATH: dirname(process.execPath) },
  })
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^rollcall: the GStreamer addon.*apt-get install/)])
})
