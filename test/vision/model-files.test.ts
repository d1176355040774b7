import { afterEach, describe, expect, it } from 'vitest'
import { RollcallError } from '../../src/errors.ts'
import { knownModels } from '../../src/vision/known-models.ts'
import { chooseModel, describeModels } from '../../src/vision/model-files.ts'
import { models } from '../support/material.ts'
import { modelDirectory } from './loading.ts'

const yunet = JSON.stringify(knownModels[0]?.descriptor)
const embedder = JSON.stringify(knownModels[2]?.descriptor)

let remove = (): void => undefined
afterEach(() => remove())

const describeFiles = async (files: Parameters<typeof modelDirectory>[0]) => {
  const directory = modelDirectory(files)
  remove = directory.remove
  return { directory: directory.path, found: await describeModels(directory.path) }
}

const problemOf = (work: () => unknown): RollcallError => {
  try {
    work()
  } catch (error) {
    if (error instanceof RollcallError) return error
  }
  throw new Error('expected a RollcallError')
}

describe('describeModels', () => {
  it('reads the JSON beside a model and lists only .onnx files', async () => {
    const { found } = await describeFiles({ 'a.onnx': 'x', 'a.json': yunet, 'b.json': embedder, 'notes.txt': '' })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ name: 'a', role: 'detector', source: 'json' })
    // SHA-256 of "x".
    expect(found[0]?.sha256).toBe('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881')
  })

  it('knows a public file name, but a JSON beside it wins', async () => {
    const { found } = await describeFiles({
      'mobilefacenet_foamliu.onnx': 'x',
      'yunet_n_dynamic.onnx': 'x',
      'yunet_n_dynamic.json': yunet.replace('0.6', '0.7'),
    })
    expect(found.map(({ name, source }) => [name, source])).toEqual([
      ['mobilefacenet_foamliu', 'file name'],
      ['yunet_n_dynamic', 'json'],
    ])
    expect(found[1]?.descriptor).toMatchObject({ minScore: 0.7 })
  })

  it.skipIf(!models())('knows a public model by its hash under any name', async () => {
    const { found } = await describeFiles({ 'renamed.onnx': { copyOf: 'yunet_n_dynamic.onnx' } })
    expect(found[0]).toMatchObject({ role: 'detector', source: 'sha256', descriptor: { kind: 'yunet' } })
  })

  it('tells the problem of each file and goes on with the others', async () => {
    const { found } = await describeFiles({
      'a.onnx': 'x',
      'b.onnx': 'x',
      'b.json': '{}',
      'c.onnx': 'x',
      'c.json': yunet,
    })
    expect(found[0]?.problem?.message).toMatch(/a\.onnx.*no a\.json/)
    expect(found[1]?.problem?.message).toMatch(/b\.json.*kind/)
    expect(found[2]?.problem).toBeUndefined()
  })

  it('takes the files that a descriptor names as parts of its model, and says which is missing', async () => {
    const mtcnn = JSON.stringify({
      kind: 'mtcnn',
      channels: 'rgb',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      minScore: 0.7,
      nms: 0.7,
      refine: 'b.onnx',
      output: 'c.onnx',
    })
    const whole = await describeFiles({ 'a.onnx': 'x', 'b.onnx': 'y', 'c.onnx': 'z', 'a.json': mtcnn })
    expect(whole.found.map(({ name, role }) => [name, role])).toEqual([['a', 'detector']])
    // SHA-256 of "xyz".
    expect(whole.found[0]?.sha256).toBe('3608bca1e44ea6c4d268eb6db02260269892c0b42b86bbf1e77a6fa16c3c9282')
    remove()
    const { found } = await describeFiles({ 'a.onnx': 'x', 'b.onnx': 'y', 'a.json': mtcnn })
    expect(found[0]?.problem?.message).toMatch(/a\.onnx: its descriptor names .*c\.onnx, which cannot be read/)
  })

  it('says which directory cannot be read', async () => {
    await expect(describeModels('/nowhere/models')).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining('/nowhere/models'),
    })
  })
})

describe('chooseModel', () => {
  it('prefers what the user described, then the built-in order', async () => {
    const { directory, found } = await describeFiles({
      'retinaface_mnet025.onnx': 'x',
      'yunet_n_dynamic.onnx': 'x',
      'zz.onnx': 'x',
      'zz.json': yunet,
    })
    expect(chooseModel(found, directory, 'detector', 'auto').name).toBe('zz')
    const publicOnes = found.filter(({ name }) => name !== 'zz')
    expect(chooseModel(publicOnes, directory, 'detector', 'auto').name).toBe('yunet_n_dynamic')
    expect(chooseModel(found, directory, 'detector', 'retinaface_mnet025.onnx').name).toBe('retinaface_mnet025')
  })

  it('names the field, the directory and what is there when a model is missing', async () => {
    const { directory, found } = await describeFiles({ 'a.onnx': 'x', 'a.json': yunet })
    const none = problemOf(() => chooseModel(found, directory, 'embedder', 'auto'))
    expect(none).toMatchObject({ code: 'MODEL_MISSING' })
    expect(none.message).toContain('models.embedder')
    expect(none.message).toContain(directory)
    const named = problemOf(() => chooseModel(found, directory, 'detector', 'b'))
    expect(named).toMatchObject({ code: 'MODEL_MISSING' })
    expect(named.message).toContain('b.onnx')
    expect(named.remedy).toContain('a')
  })

  it('refuses an embedder as detector', async () => {
    const { directory, found } = await describeFiles({ 'a.onnx': 'x', 'a.json': embedder })
    const problem = problemOf(() => chooseModel(found, directory, 'detector', 'a'))
    expect(problem).toMatchObject({ code: 'MODEL_INVALID' })
    expect(problem.message).toMatch(/models\.detector.*a\.onnx.*embedder.*detector/)
  })
})
