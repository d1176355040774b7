import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const environment = {
  ...process.env,
  PYTHONPATH: join(root, '.rollcall/python'),
  PYTHONDONTWRITEBYTECODE: '1',
  OPENBLAS_NUM_THREADS: '1',
}
const python = (...args: string[]) => spawnSync('python3', args, { cwd: root, encoding: 'utf8', env: environment })
const hasNumPy = python('-c', 'import numpy').status === 0
if (!hasNumPy) console.warn('the rules of mining are not tested: Python has no module numpy (bin/setup --test)')

it.skipIf(!hasNumPy)(
  'the triplets that training.facenet mines, and what it measures, are those worked out by hand',
  () => {
    const { status, stderr } = python('-m', 'unittest', 'training.facenet.test_mining')
    expect(stderr).toContain('\nOK\n')
    expect(stderr).toMatch(/Ran 11 tests/)
    expect(status).toBe(0)
  },
)
