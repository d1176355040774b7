import type { Provider } from './session.ts'

/** A provider that could not run a model, with the reason of ONNX Runtime. */
export interface FailedProvider {
  readonly provider: Provider
  readonly reason: string
}

const names: Readonly<Record<Provider, string>> = {
  tensorrt: 'TensorRT',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  cpu: 'the CPU',
}

/** What ONNX Runtime says when a provider's libraries, or those that they need, are not installed. */
const isMissingLibrary = ({ reason }: FailedProvider): boolean => /failed to load (shared )?library/i.test(reason)

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

/**
 * One line about all providers that failed, for the log. Where only libraries are missing it does not repeat ONNX
 * Runtime's reasons, which would be the same for each model and provider.
 */
export const fallbackMessage = (failed: readonly FailedProvider[]): string => {
  const missing = unique(failed.filter(isMissingLibrary).map(({ provider }) => names[provider]))
  const others = unique(
    failed.filter((each) => !isMissingLibrary(each)).map(({ provider, reason }) => `${names[provider]}: ${reason}`),
  )
  const libraries = missing.length > 0 ? [`the libraries of ${missing.join(' and ')} cannot be loaded`] : []
  const remedy = 'install what is missing to use a GPU, or set models.providers to [cpu]'
  return `models run without ${unique(failed.map(({ provider }) => names[provider])).join(' and ')}: ${[...libraries, ...others].join('; ')} (${remedy})`
}
