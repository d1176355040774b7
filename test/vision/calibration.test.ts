import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  calibrationFileOf,
  configuredScale,
  readCalibration,
  scaleOf,
  writeCalibration,
} from '../../src/vision/calibration.ts'
import { embedderFile } from '../../src/vision/chosen-embedder.ts'
import { shippedModels } from '../../src/vision/options.ts'
import { poorOfReference } from '../../src/vision/poor-of-reference.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-calibration-'))
  for (const file of ['embedder.onnx', 'embedder.json', 'embedder.calibration.json'])
    copyFileSync(join(shippedModels, file), join(directory, file))
})
afterEach(() => rmSync(directory, { recursive: true }))
const asked = () => ({ directory, embedder: 'auto' })
const path = () => join(directory, 'embedder.calibration.json')

describe('the shipped calibration', () => {
  it('is of the shipped embedder, and of no more pairs than its photos have', async () => {
    const file = await embedderFile({ directory: null, embedder: 'auto' })
    const hash = createHash('sha256').update(readFileSync(file.file)).digest('hex')
    const calibration = await readCalibration(file)
    expect(calibration?.sha256).toBe(hash)
    const { people = 0, photos = 0, pairs } = calibration ?? {}
    expect(people).toBeGreaterThan(100)
    expect(pairs?.same).toBeGreaterThan(photos)
    expect((pairs?.same ?? 0) + (pairs?.different ?? 0)).toBeLessThanOrEqual((photos * (photos - 1)) / 2)
  })
})

describe('what poor pictures have in common', () => {
  const lengthOf = (direction: readonly number[]): number => Math.hypot(...direction)

  it('is known of the shipped embedder and of the reference, a direction of their embeddings', async () => {
    const scale = await configuredScale({ directory: null, embedder: 'auto' })
    for (const poor of [scale?.poor ?? [], poorOfReference]) {
      expect(poor).toHaveLength(128)
      expect(lengthOf(poor)).toBeCloseTo(1, 3)
    }
  })

  it('is left out of a scale where it was not measured', async () => {
    const calibration = await readCalibration(await embedderFile(asked()))
    if (!calibration) throw new Error('the shipped calibration')
    const { poor: _, ...older } = calibration
    expect(scaleOf(older)).not.toHaveProperty('poor')
    expect(scaleOf(calibration)).toEqual({ ...scaleOf(older), poor: calibration.poor })
  })
})

describe('readCalibration', () => {
  it('reads what was written', async () => {
    const file = await embedderFile(asked())
    const calibration = await readCalibration(file)
    expect(calibration).not.toBeNull()
    if (!calibration) return
    expect(writeCalibration(file.file, { ...calibration, midpoint: 0.5 })).toBe(path())
    expect(await readCalibration(file)).toEqual({ ...calibration, midpoint: 0.5 })
  })

  it('gives null where there is none', async () => {
    rmSync(path())
    expect(await readCalibration(await embedderFile(asked()))).toBeNull()
    expect(await configuredScale(asked())).toBeNull()
  })

  it('refuses one of another model, and says what to do', async () => {
    writeFileSync(
      path(),
      readFileSync(path(), 'utf8').replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${'0'.repeat(64)}"`),
    )
    await expect(configuredScale(asked())).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(/embedder\.calibration\.json: sha256: measured on another model/),
      remedy: expect.stringContaining('rollcall eval calibrate'),
    })
  })

  it.each([
    ['{', /calibration\.json: not JSON/],
    ['{}', /sha256: .*slope: /],
  ])('names the file and what is wrong with it: %s', async (text, message) => {
    writeFileSync(path(), text)
    await expect(readCalibration(await embedderFile(asked()))).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(message),
    })
  })
})

describe('scaleOf', () => {
  it('keeps the order of cosines', async () => {
    const calibration = await readCalibration(await embedderFile(asked()))
    const { scale } = scaleOf(calibration ?? ({} as never))
    expect(scale).toBeGreaterThan(0)
  })
})

describe('configuredScale', () => {
  it('names the embedder that is missing', async () => {
    await expect(configuredScale({ directory, embedder: 'none' })).rejects.toMatchObject({ code: 'MODEL_MISSING' })
  })

  it('belongs to the embedder of that name', () => {
    expect(calibrationFileOf('/models/some.onnx')).toBe('/models/some.calibration.json')
  })
})
