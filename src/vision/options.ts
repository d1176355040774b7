import { resolve } from 'node:path'
import { z } from 'zod'

/** The directory of the models that come with Rollcall. It does not depend on the working directory. */
export const shippedModels = resolve(import.meta.dirname, '../../models')

const batchSizes = (what: string) =>
  z
    .union([z.literal('auto'), z.array(z.int().min(1).max(256)).min(1)])
    .default('auto')
    .describe(
      `The sizes to which a batch of ${what} is padded, because every new shape grows the runtime's memory. ` +
        'It defaults to auto: 1 on a CPU, where batching does not pay, and powers of two on a GPU.',
    )

/** The part `models` of the configuration, with its defaults. */
export const modelOptions = z.strictObject({
  directory: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'The directory with the .onnx files and their .json descriptors. It defaults to null: the models that come with Rollcall.',
    ),
  detector: z
    .string()
    .min(1)
    .default('auto')
    .describe('The file name of the face detector, with or without .onnx. It defaults to auto: the first one found.'),
  embedder: z
    .string()
    .min(1)
    .default('auto')
    .describe('The file name of the embedder, with or without .onnx. It defaults to auto: the first one found.'),
  providers: z
    .union([z.literal('auto'), z.array(z.enum(['tensorrt', 'cuda', 'webgpu', 'cpu'])).min(1)])
    .default('auto')
    .describe(
      'Where models run: the first provider that works, agrees with the CPU and, where cpu is in the list, is faster than it. ' +
        'It defaults to auto: tensorrt, then cuda, then webgpu (any GPU with a Vulkan driver), then cpu.',
    ),
  threads: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Threads inside one model run on a CPU. It defaults to 1: scale with vision processes instead.'),
  side: z
    .int()
    .min(64)
    .max(4096)
    .default(640)
    .describe("The longest side of the detector's picture in pixels; smaller is faster. It defaults to 640."),
  minScore: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe('Detections below this score are ignored. It defaults to null: what the model’s descriptor says.'),
  nms: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe(
      'Of two detections that overlap more than this (intersection over union) the weaker is dropped. ' +
        'It defaults to null: what the model’s descriptor says.',
    ),
  detectorBatchSizes: batchSizes('pictures'),
  embedderBatchSizes: batchSizes('faces'),
})

/** The options of the models after parsing: every key has a value. */
export type ModelOptions = z.infer<typeof modelOptions>
