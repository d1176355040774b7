import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { agreementOf, together } from '../../bench/agreed-faces.ts'
import { measured } from '../../bench/detector.bench.ts'
import { openOn } from '../../bench/open-detector.ts'
import { clips, models } from '../support/material.ts'
import { canDecode, decodeFrames } from '../vision/footage.ts'
import { modelDirectory } from '../vision/loading.ts'

const directory = resolve(import.meta.dirname, '../../models')
const file = join(directory, 'detector.onnx')

describe.skipIf(!models() || !clips() || !canDecode)('the shipped detector beside YuNet and RetinaFace', () => {
  it('finds 95 % of the faces of 40 px on which they agree, and at most 2 % more than they do', async () => {
    const mine = await openOn(directory, 'detector')
    const yunet = await openOn(models() as string, 'yunet_n_dynamic')
    const retinaface = await openOn(models() as string, 'retinaface_mnet025')
    const results = []
    for (const [clip, width, height] of measured) {
      const frames = decodeFrames(join(clips() as string, clip), { width, height }, { fps: '2/1' })
      const pictures = frames.map(({ picture }) => picture)
      const found = await mine.detect(pictures)
      results.push(agreementOf(pictures, found, [await yunet.detect(pictures), await retinaface.detect(pictures)]))
    }
    await Promise.all([mine.close(), yunet.close(), retinaface.close()])
    const { found = 0, wanted = 0 } = together(results.map(({ agreed }) => agreed)).get('from_40') ?? {}
    expect(wanted).toBeGreaterThan(50)
    expect(found / wanted).toBeGreaterThanOrEqual(0.95)
    const detections = results.reduce((sum, each) => sum + each.detections, 0)
    const extras = results.reduce((sum, each) => sum + each.extras.length, 0)
    expect(extras / detections).toBeLessThanOrEqual(0.02)
  })
})

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
