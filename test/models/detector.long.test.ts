import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { clips, models } from '../support/material.ts'
import { modelDirectory } from '../vision/loading.ts'

const directory = resolve(import.meta.dirname, '../../models')
const file = join(directory, 'detector.onnx')

describe.skipIf(!models() || !clips())('the shipped detector with a public embedder', () => {
  it.each([
    // A hand covers a face, another is held up before a wall: neither is anybody.
    ['three-people.mp4', 3, 3],
    ['backs-only.mp4', 0, 2],
  ] as const)(
    '%s: %i to %i people',
    async (clip, least, most) => {
      const { path, remove } = modelDirectory({
        'detector.onnx': readFileSync(file),
        'detector.json': readFileSync(join(directory, 'detector.json')),
        'mobilefacenet_foamliu.onnx': { copyOf: 'mobilefacenet_foamliu.onnx' },
      })
      onTestFinished(remove)
      const root = resolve(import.meta.dirname, '../..')
      const camera = `camera=${join(clips() as string, clip)}`
      const program = [join(root, 'src/main.ts'), 'run', '--until-end', '--log-level', 'error', '--camera', camera]
      const events = await promisify(execFile)(process.execPath, [...program, '--models', path, '--events', '-'], {
        cwd: root,
        maxBuffer: 2 ** 28,
      })
      const count = (type: string) => events.stdout.split(`"type":"rollcall.person.${type}.v1"`).length - 1
      const people = count('created') - count('merged')
      expect(people).toBeGreaterThanOrEqual(least)
      expect(people).toBeLessThanOrEqual(most)
    },
    180_000,
  )
})
