import { existsSync } from 'node:fs'
import type { Log } from '../types.ts'
import { type DetectorDescriptor, type EmbedderDescriptor, qualityScoresOf } from './descriptor.ts'
import { type Detector, openDetector } from './detector.ts'
import { type Embedder, openEmbedder } from './embedder.ts'
import { type FailedProvider, fallbackMessage } from './fallback-message.ts'
import { chooseModel, describeModels } from './model-files.ts'
import { type ModelOptions, shippedModels } from './options.ts'
import { type OnFallback, providerOrder } from './session.ts'

/** The two models of a worker. Owned by whoever loaded them, who calls `close()`. */
export interface Models {
  readonly detector: Detector
  readonly embedder: Embedder
  /** Waits for runs in flight, then frees both. Idempotent. */
  close(): Promise<void>
}

/** Who hears of the loading. */
export interface LoadingContext {
  readonly log: Log
  /** Called for each provider that could not be used. */
  readonly onFallback: OnFallback
}

/** An unused GPU is worth a warning; a machine without one is not. */
const hasNvidiaDevice = (): boolean => existsSync('/dev/nvidiactl')

/**
 * Finds the models in their directory, opens both and runs each once. Throws MODEL_MISSING or MODEL_INVALID, which name
 * the file or field and what was expected; nothing is left open then.
 */
export const loadModels = async (options: ModelOptions, { log, onFallback }: LoadingContext): Promise<Models> => {
  const directory = options.directory ?? shippedModels
  const files = await describeModels(directory)
  const detectorFile = chooseModel(files, directory, 'detector', options.detector)
  const embedderFile = chooseModel(files, directory, 'embedder', options.embedder)
  const failed: FailedProvider[] = []
  const settings = {
    providers: providerOrder(options.providers),
    threads: options.threads,
    onFallback: ((model, from, to, reason) => {
      failed.push({ provider: from, reason })
      onFallback(model, from, to, reason)
    }) satisfies OnFallback,
  }
  const { side, minScore, nms } = options
  const detectorDescriptor = detectorFile.descriptor as DetectorDescriptor
  const detector = await openDetector(
    { ...detectorFile, descriptor: detectorDescriptor },
    { ...settings, side, minScore, nms, batchSizes: options.detectorBatchSizes },
  )
  const embedder = await openEmbedder(
    { ...embedderFile, descriptor: embedderFile.descriptor as EmbedderDescriptor },
    { ...settings, batchSizes: options.embedderBatchSizes, scores: qualityScoresOf(detectorDescriptor) },
  ).catch(async (error: unknown) => {
    await detector.close()
    throw error
  })
  if (failed.length > 0) {
    const level = options.providers !== 'auto' || hasNvidiaDevice() ? 'warn' : 'info'
    log[level]({ detector: detector.provider, embedder: embedder.provider }, fallbackMessage(failed))
  }
  for (const { name, provider, arithmetic, sha256 } of [detector, embedder])
    log.info({ model: name, provider, arithmetic, sha256 }, 'model loaded')
  return {
    detector,
    embedder,
    close: async () => {
      await Promise.all([detector.close(), embedder.close()])
    },
  }
}
