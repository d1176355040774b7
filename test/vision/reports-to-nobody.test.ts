import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../identity/store/states.ts'

const root = resolve(import.meta.dirname, '../..')
const models = join(root, 'models')

/** Opens a model by `program`, as a user of its own who has switched nothing off; gives what is left in the user's home. */
const leftBy = (program: string): readonly string[] => {
  const home = temporaryDirectory()
  const env = { PATH: process.env.PATH, HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' }
  const said = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  expect([said.stderr, said.status]).toEqual(['', 0])
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
}

test('ONNX Runtime reports nothing to its makers: it makes no ID of the machine and no file of reports', () => {
  const library = join(
    dirname(createRequire(import.meta.url).resolve('onnxruntime-node')),
    '../bin/napi-v6/linux',
    process.arch,
  )
  const text = readFileSync(join(library, 'libonnxruntime.so.1'), 'latin1')
  // Where neither is in the library any more, this test says nothing: see what has taken their place.
  expect(text).toContain('ORT_DISABLE_TELEMETRY')
  expect(text).toContain('events.data.microsoft.com')
  const open = `import { openSession } from './src/vision/session.ts'
    const settings = { providers: ['cpu'], threads: 1, usual: { width: 64, height: 64 }, onFallback: () => undefined }
    await openSession({ file: '${models}/detector.onnx', name: 'detector' }, settings, async () => null)`
  expect(leftBy(open)).toEqual([])
})
