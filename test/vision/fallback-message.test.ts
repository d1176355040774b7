import { describe, expect, it } from 'vitest'
import { fallbackMessage } from '../../src/vision/fallback-message.ts'

const library = (name: string): string =>
  `OrtSessionOptionsAppendExecutionProvider_${name}: Failed to load shared library`

describe('fallbackMessage', () => {
  it('is one sentence about all models and providers whose libraries are missing', () => {
    const failed = (['tensorrt', 'cuda', 'tensorrt', 'cuda'] as const).map((provider) => ({
      provider,
      reason: library(provider),
    }))
    const message = fallbackMessage(failed)
    expect(message).toContain('the libraries of TensorRT and CUDA cannot be loaded')
    expect(message).toContain('models.providers')
    expect(message).not.toContain('OrtSession')
    expect(message.split('\n')).toHaveLength(1)
  })

  it('repeats a reason of another kind, once', () => {
    const failed = [
      { provider: 'tensorrt', reason: library('TensorRT') },
      { provider: 'cuda', reason: 'CUDA failure 2: out of memory' },
      { provider: 'cuda', reason: 'CUDA failure 2: out of memory' },
    ] as const
    expect(fallbackMessage(failed)).toContain(
      'the libraries of TensorRT cannot be loaded; CUDA: CUDA failure 2: out of memory (',
    )
  })
})
