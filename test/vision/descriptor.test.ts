import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { RollcallError } from '../../src/errors.ts'
import { parseDescriptor, qualityScoresOf } from '../../src/vision/descriptor.ts'
import { knownModels } from '../../src/vision/known-models.ts'

const scrfd = {
  kind: 'scrfd',
  channels: 'rgb',
  mean: [127.5, 127.5, 127.5],
  std: [128, 128, 128],
  strides: [8, 16, 32],
  minScore: 0.5,
  nms: 0.4,
}

const problemWith = (value: unknown): RollcallError => {
  try {
    parseDescriptor(typeof value === 'string' ? value : JSON.stringify(value), 'models/mine.json')
  } catch (error) {
    if (error instanceof RollcallError) return error
  }
  throw new Error('expected a RollcallError')
}

describe('parseDescriptor', () => {
  it('reads a descriptor and fills in defaults', () => {
    expect(parseDescriptor(JSON.stringify(scrfd), 'x.json')).toEqual({ ...scrfd, anchors: 2 })
  })

  it('reads back every built-in one', () => {
    for (const { descriptor } of knownModels)
      expect(parseDescriptor(JSON.stringify(descriptor), 'x.json')).toEqual(descriptor)
  })

  it.each([
    ['no JSON', '{', 'not JSON'],
    ['an unknown kind', { ...scrfd, kind: 'haar' }, 'kind'],
    ['a field of the wrong type', { ...scrfd, mean: [1, 2] }, 'mean'],
    ['a value out of range', { ...scrfd, minScore: 7 }, 'minScore'],
    ['a standard deviation of 0', { ...scrfd, std: [128, 0, 128] }, 'std.1'],
    ['a field nobody knows', { ...scrfd, thresold: 1 }, 'thresold'],
    ['a missing field', { ...scrfd, strides: undefined }, 'strides'],
    ['scores the wrong way round', { ...scrfd, qualityScores: [0.9, 0.5] }, 'qualityScores'],
    ['an odd crop', { ...knownModels[2]?.descriptor, side: 113 }, 'side'],
    ['a part in another folder', { ...scrfd, kind: 'mtcnn', refine: '../b.onnx', output: 'c.onnx' }, 'refine'],
    ['priors that do not fit the strides', { ...knownModels[1]?.descriptor, minSizes: [[16]] }, 'minSizes'],
  ])('names the file and the field of %s', (_, value, field) => {
    const problem = problemWith(value)
    expect(problem.code).toBe('MODEL_INVALID')
    expect(problem.message).toContain('models/mine.json')
    expect(problem.message).toContain(field)
    expect(problem.remedy).toBeTruthy()
  })
})

describe('docs/models.md', () => {
  it('shows descriptors that are valid', () => {
    const text = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8')
    const examples = [...text.matchAll(/```json\n([^`]+)```/g)].map(([, json]) =>
      parseDescriptor(json ?? '', 'docs/models.md'),
    )
    expect(examples.map(({ kind }) => kind)).toEqual(['scrfd', 'embedder'])
  })
})

describe('qualityScoresOf', () => {
  it('lies between minScore and 1 unless the descriptor says otherwise', () => {
    const read = parseDescriptor(JSON.stringify(scrfd), 'x.json')
    if (read.kind === 'embedder') throw new Error('expected a detector')
    expect(qualityScoresOf(read)).toEqual([0.5, 0.9])
    expect(qualityScoresOf({ ...read, qualityScores: [0.3, 0.6] })).toEqual([0.3, 0.6])
  })
})
