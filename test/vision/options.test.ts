import { describe, expect, it } from 'vitest'
import { modelOptions } from '../../src/vision/options.ts'
import { providerOrder } from '../../src/vision/session.ts'

describe('modelOptions', () => {
  it('has a default for every key and tells it', () => {
    const defaults = modelOptions.parse({})
    expect(defaults).toMatchObject({ detector: 'auto', embedder: 'auto', providers: 'auto', threads: 1, side: 640 })
    for (const [key, field] of Object.entries(modelOptions.shape)) {
      expect(defaults).toHaveProperty(key)
      expect(field.description).toMatch(/It defaults to .+\.$/)
    }
  })

  it.each([
    [{ providers: ['gpu'] }],
    [{ providers: [] }],
    [{ side: 10 }],
    [{ minScore: 2 }],
    [{ detectorBatchSizes: [0] }],
    [{ dir: 'models' }],
  ])('refuses %o', (wrong) => {
    expect(modelOptions.safeParse(wrong).success).toBe(false)
  })
})

describe('providerOrder', () => {
  it('tries the fastest first and ends at the CPU when left alone', () => {
    expect(providerOrder('auto', () => true)).toEqual(['tensorrt', 'cuda', 'webgpu', 'cpu'])
  })
  it('does not try WebGPU where there is no graphics device', () => {
    expect(providerOrder('auto', () => false)).toEqual(['tensorrt', 'cuda', 'cpu'])
  })
  it('obeys a list, each once', () => {
    expect(providerOrder(['cuda', 'webgpu', 'cuda'], () => false)).toEqual(['cuda', 'webgpu'])
  })
})
