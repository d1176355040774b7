import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import { identityOptions } from '../identity/options.ts'
import { cameraOptions } from '../ingest/options.ts'
import { httpOptions } from '../server/options.ts'
import { kafkaOptions } from '../sinks/kafka/options.ts'
import { webSocketOptions } from '../sinks/websocket/options.ts'
import { trackerOptions } from '../tracking/options.ts'
import { modelOptions } from '../vision/options.ts'
import { readYaml } from './yaml.ts'

const siteName = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected letters, digits, "_", "." and "-"')

const batchOptions = z.strictObject({
  max: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .describe('The most frames in one run of the detector. It defaults to auto: 1 on a CPU, 16 on a GPU.'),
  window: z
    .int()
    .min(1)
    .max(1024)
    .default(8)
    .describe(
      'The most records of one camera between vision and the sinks. With more its frames wait. It defaults to 8.',
    ),
})

const visionOptions = z.strictObject({
  processes: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .describe(
      'The number of vision processes, which share the cameras. It defaults to auto: one for each CPU core, one on a GPU.',
    ),
})

const sinkOptions = z.strictObject({
  events: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('File for events as JSON lines, appended to; - is stdout. It defaults to null: none.'),
  queue: z
    .int()
    .min(16)
    .default(4096)
    .describe('Events that wait for one sink before its oldest frame events are dropped. It defaults to 4096.'),
  webSocket: webSocketOptions.prefault({}),
  kafka: kafkaOptions.prefault({}),
})

const stateOptions = z.strictObject({
  directory: z
    .string()
    .min(1)
    .nullable()
    .default('auto')
    .describe(
      'Where people are kept over restarts: embeddings, IDs, names. null: in memory only. It defaults to auto: ' +
        'rollcall/SITE in $XDG_STATE_HOME or ~/.local/state, and null with --until-end.',
    ),
})

const logOptions = z.strictObject({
  level: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('What is logged, on stderr. It defaults to info.'),
  format: z
    .enum(['auto', 'text', 'json'])
    .default('auto')
    .describe(
      'An entry is one line of text or one JSON object. It defaults to auto: text on a terminal, otherwise JSON.',
    ),
})

/**
 * The whole configuration. Every key has a default, so an empty file is valid. `rollcall.example.yaml` is made from the
 * descriptions.
 */
export const configSchema = z.strictObject({
  site: siteName
    .default('site')
    .describe('Name of this installation, in the source of every event. It defaults to site.'),
  cameras: z.record(siteName, cameraOptions).default({}).describe('The cameras, by name. It defaults to none.'),
  models: modelOptions.prefault({}),
  batch: batchOptions.prefault({}),
  vision: visionOptions.prefault({}),
  tracker: trackerOptions.prefault({}),
  identity: identityOptions.prefault({}),
  state: stateOptions.prefault({}),
  sinks: sinkOptions.prefault({}),
  http: httpOptions.prefault({}),
  log: logOptions.prefault({}),
})

/** The configuration after parsing: every key has a value. */
export type Config = z.infer<typeof configSchema>

/**
 * Reads and checks a configuration file. `${NAME}` in any value is replaced from `env`, which is how secrets get in.
 * Throws one CONFIG_INVALID that lists every mistake with its line, its key and what was expected.
 */
export const loadConfig = (file: string, env: Readonly<Record<string, string | undefined>>): Config => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (cause as Error).message
    throw new RollcallError('CONFIG_INVALID', `${file}: ${reason}`, {
      cause,
      remedy: 'copy rollcall.example.yaml and name your copy with --config',
    })
  }
  return readYaml({ name: file, text }, configSchema, env)
}

/** The configuration that an empty file gives. */
export const defaultConfig = (): Config => configSchema.parse({})
