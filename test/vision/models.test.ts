import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { diagnoseModels, diagnoseProviders } from '../../src/vision/diagnose.ts'
import { knownModels } from '../../src/vision/known-models.ts'
import { loadModels } from '../../src/vision/models.ts'
import { type ModelOptions, modelOptions } from '../../src/vision/options.ts'
import { shippedModels } from '../support/footage.ts'
import { modelDirectory, recordLog, shippedModel } from './loading.ts'
import { constantModel } from './onnx-graph.ts'

const [yunet, retinaface] = knownModels.map(({ descriptor }) => descriptor)
const detectorFile = { copyOf: 'detector.onnx' }
const embedderFile = { copyOf: 'embedder.onnx' }
const embedder = JSON.parse(readFileSync(join(shippedModels, 'embedder.json'), 'utf8'))
/** The shipped pair under other names. */
const pair = { ...shippedModel('detector', 'a'), ...shippedModel('embedder', 'b') }
const sha256Of = (file: string): string =>
  createHash('sha256')
    .update(readFileSync(join(shippedModels, file)))
    .digest('hex')
const noGpu = !existsSync('/dev/nvidiactl')

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const load = async (files: Parameters<typeof modelDirectory>[0], options: Partial<ModelOptions> = {}) => {
  const directory = modelDirectory(files)
  cleanups.push(directory.remove)
  const log = recordLog()
  const fallbacks: string[][] = []
  const loaded = await loadModels(modelOptions.parse({ directory: directory.path, providers: ['cpu'], ...options }), {
    log,
    onFallback: (...each) => fallbacks.push(each),
  })
  cleanups.push(() => loaded.close())
  return { loaded, log, fallbacks }
}

describe('loadModels', () => {
  it('loads the preferred pair and says so', async () => {
    const { loaded, log, fallbacks } = await load(pair)
    expect([loaded.detector.name, loaded.embedder.name]).toEqual(['a', 'b'])
    expect(loaded.embedder.sha256).toBe(sha256Of('embedder.onnx'))
    expect(fallbacks).toEqual([])
    expect(log.lines.filter(({ level }) => level === 'info')).toHaveLength(2)
  })

  it.skipIf(!noGpu)('falls back from CUDA to the CPU, counts it and warns once', async () => {
    const { loaded, log, fallbacks } = await load(pair, { providers: ['cuda', 'cpu'] })
    expect([loaded.detector.provider, loaded.embedder.provider]).toEqual(['cpu', 'cpu'])
    expect(fallbacks.map(([model, from, to]) => [model, from, to])).toEqual([
      ['a', 'cuda', 'cpu'],
      ['b', 'cuda', 'cpu'],
    ])
    expect(fallbacks[0]?.[3]).toMatch(/Cuda/i)
    const warnings = log.lines.filter(({ level }) => level === 'warn')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]?.message).toMatch(/^models run without CUDA: the libraries of CUDA cannot be loaded/)
    const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) }
    expect(await loaded.detector.detect([picture])).toEqual([[]])
  })

  it.skipIf(!noGpu)('does not warn on a machine without a GPU when the choice is its own', async () => {
    const { log, fallbacks } = await load(pair, { providers: 'auto' })
    expect(fallbacks).toHaveLength(4)
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([])
    const said = log.lines.filter(({ message, fields }) => /TensorRT|CUDA/i.test(message + JSON.stringify(fields)))
    expect(said.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^models run without TensorRT and CUDA: the libraries of TensorRT and CUDA cannot be loaded/,
      ),
    ])
    expect(JSON.stringify(said)).not.toContain('Failed to load')
  })

  it.skipIf(!noGpu)('fails with a remedy when only a GPU is allowed and there is none', async () => {
    await expect(load(pair, { providers: ['cuda'] })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      remedy: expect.stringContaining('cpu'),
    })
  })

  it.each([
    [
      'is not a model',
      { 'a.onnx': 'this is text', 'a.json': JSON.stringify(yunet) },
      /a\.onnx: cannot be loaded.*rotobuf/,
    ],
    [
      'is an embedder but described as a detector',
      { 'a.onnx': embedderFile, 'a.json': JSON.stringify({ ...yunet, strides: [8] }) },
      /a\.onnx: not a model of kind yunet: expected outputs \[196, 1\] twice.*found \[1, 128\]/,
    ],
    [
      'is another kind of detector',
      { 'a.onnx': detectorFile, 'a.json': JSON.stringify(retinaface) },
      /a\.onnx: not a model of kind retinaface: expected outputs \[252, 4\].*found \[1, 96, 1\]/,
    ],
    [
      'has other strides',
      { 'a.onnx': detectorFile, 'a.json': JSON.stringify({ ...yunet, strides: [8, 16, 4] }) },
      /a\.onnx.*stride 4/,
    ],
    [
      'takes bytes',
      {
        'a.onnx': constantModel([1, 3, 64, 96], [{ name: 'o', dims: [1], values: [0] }], 2),
        'a.json': JSON.stringify(yunet),
      },
      /a\.onnx.*expected one input float32\[n, 3, height, width\], found input uint8\[1, 3, 64, 96\]/,
    ],
    [
      'takes four channels',
      {
        'a.onnx': constantModel([1, 4, 64, 96], [{ name: 'o', dims: [1], values: [0] }]),
        'a.json': JSON.stringify(yunet),
      },
      /a\.onnx.*found input float32\[1, 4, 64, 96\]/,
    ],
  ])('says which file and what was expected when a detector %s', async (_, files, message) => {
    await expect(
      load({ ...files, ...shippedModel('embedder', 'z') }, { detector: 'a', side: 64 }),
    ).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(message),
      remedy: expect.any(String),
    })
  })

  it('says what is wrong with an embedder', async () => {
    const wrong = (change: object) =>
      load({
        ...shippedModel('detector', 'a'),
        'z.onnx': embedderFile,
        'z.json': JSON.stringify({ ...embedder, ...change }),
      })
    await expect(wrong({ side: 96 })).rejects.toThrow(/z\.onnx.*112×112.*side 96/)
    await expect(wrong({ dimensions: 512 })).rejects.toThrow(/z\.onnx.*\[1, 512\].*found \[1, 128\]/)
  })
})

describe('diagnoseModels', () => {
  it('tells the good from the bad by trying them', async () => {
    const directory = modelDirectory({
      ...shippedModel('detector', 'a'),
      'b.onnx': 'text',
      'b.json': JSON.stringify(yunet),
      ...shippedModel('embedder', 'c'),
    })
    cleanups.push(directory.remove)
    const found = await diagnoseModels(directory.path)
    expect(found.map(({ name, role, problem }) => [name, role, problem?.code])).toEqual([
      ['a', 'detector', undefined],
      ['b', 'detector', 'MODEL_INVALID'],
      ['c', 'embedder', undefined],
    ])
    const providers = await diagnoseProviders(found[0] as (typeof found)[0])
    expect(providers.find(({ provider }) => provider === 'cpu')).toEqual({
      provider: 'cpu',
      builtIn: true,
      works: true,
    })
    if (noGpu) expect(providers.find(({ provider }) => provider === 'cuda')).toMatchObject({ works: false })
  })
})
