import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const assets = resolve(root, '../shared/assets/makehuman')
/** As training/README.md makes it. */
const python = join(root, '.venv/bin/python')
const ready = existsSync(assets) && spawnSync(python, ['-c', 'import torch, onnx, cv2']).status === 0
if (!ready) console.warn('training.facenet is not run: it needs .venv (training/README.md) and MakeHuman’s assets')

const work = mkdtempSync(join(tmpdir(), 'rollcall-facenet-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const run = (program: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
  return stdout
}
const train = (name: string, steps: number, ...more: string[]): string => {
  const [out, kept] = [join(work, name), join(work, `${name}-work`)]
  const size = ['--steps', String(steps), '--every', '10', '--batch', '8x3']
  run(python, '-m', 'training.facenet', ...size, '--work', kept, '--out', out, ...more)
  return readFileSync(join(out, 'semi-hard.csv'), 'utf8')
}

describe.skipIf(!ready)('training by triplets', () => {
  const photos = join(work, 'photos')
  const material = ['--photos', photos]

  it('gives the same curve again, also when it was cut off and made longer', () => {
    run(python, '-m', 'training.facenet.photos', '--people', '30', '--views', '4', '--assets', assets, '--out', photos)
    const whole = train('whole', 30, ...material)
    expect(whole.trim().split('\n')).toHaveLength(5)
    train('parts', 20, ...material)
    expect(train('parts', 30, ...material)).toBe(whole)
  })

  it('makes a directory of models that rollcall eval verification opens', () => {
    const args = ['src/main.ts', 'eval', 'verification', '--photos', photos, '--models', join(work, 'whole'), '--json']
    const { models, people } = JSON.parse(run(process.execPath, ...args)) as { models: object; people: number }
    expect(people).toBe(30)
    expect(models).toMatchObject({ embedder: expect.stringContaining('embedder') })
  })
})
