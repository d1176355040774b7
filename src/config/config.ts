import { z } from 'zod'
import { RollcallError, redactUrl } from '../errors.ts'
import { identityOptions } from '../identity/options.ts'
import { readAll } from '../read-all.ts'
import { ruleOptions } from '../rules/options.ts'
import { seamOptions } from '../seam/options.ts'
import { httpOptions } from '../server/options.ts'
import { kafkaOptions } from '../sinks/kafka/options.ts'
import { mqttOptions } from '../sinks/mqtt/options.ts'
import { webhookOptions } from '../sinks/webhook/options.ts'
import { webSocketOptions } from '../sinks/websocket/options.ts'
import { telemetryOptions } from '../telemetry/options.ts'
import { trackerOptions } from '../tracking/options.ts'
import { modelOptions } from '../vision/options.ts'
import { cameraDefaults, cameras, plainName, withCameraDefaults } from './cameras.ts'
import { decodeText } from './decode-text.ts'
import { readYaml } from './yaml.ts'

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
      'The number of vision processes, which share the cameras. It defaults to auto: one for each CPU core as far as there is memory (220 MiB each), one on a GPU.',
    ),
  hangAfterMs: z
    .int()
    .min(2000)
    .max(3_600_000)
    .default(20_000)
    .describe(
      'A vision process that says nothing for this long is taken for hung, killed and replaced. Raise it when one batch may take longer. It defaults to 20000.',
    ),
})

const rotationOptions = z.strictObject({
  maxBytes: z
    .int()
    .min(65_536)
    .nullable()
    .default(null)
    .describe(
      'Size from which the file is renamed to FILE.1 and a new one is begun, such as 104857600. It defaults to null: never; logrotate may move the file instead, SIGHUP is optional.',
    ),
  keep: z.int().min(1).max(1000).default(5).describe('Older files that are kept: FILE.1 to FILE.5. It defaults to 5.'),
})

const sinkOptions = z.strictObject({
  events: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('File or named pipe for events as JSON lines, appended to; - is stdout. It defaults to null: none.'),
  rotate: rotationOptions.prefault({}),
  queue: z
    .int()
    .min(16)
    .default(4096)
    .describe(
      'Events that wait for one sink in memory. Then its oldest frame events are dropped, and events about people wait in the state directory. It defaults to 4096.',
    ),
  webSocket: webSocketOptions.prefault({}),
  kafka: kafkaOptions.prefault({}),
  mqtt: mqttOptions.prefault({}),
  webhooks: z
    .record(plainName, webhookOptions)
    .default({})
    .describe('Where events are posted to, by name: the keys below. It defaults to none.'),
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

/** `rollcall.example.yaml` is made from the descriptions. */
const sections = z.strictObject({
  site: plainName
    .default('site')
    .describe('Name of this installation, in the source of every event. It defaults to site.'),
  cameras: cameras
    .default({})
    .describe('The cameras, by name: the keys below, or the URL alone (door: rtsp://…). It defaults to none.'),
  cameraDefaults: cameraDefaults
    .default({})
    .describe(
      'Keys that every camera has unless it says otherwise: those of a camera except url, such as { user: viewer, password: "${CAM_PASSWORD}", maxFps: 5 }. It defaults to none.',
    ),
  models: modelOptions.prefault({}),
  batch: batchOptions.prefault({}),
  vision: visionOptions.prefault({}),
  tracker: trackerOptions.prefault({}),
  identity: identityOptions.prefault({}),
  state: stateOptions.prefault({}),
  rules: z
    .record(plainName, ruleOptions)
    .default({})
    .describe('When to tell about somebody, by the name of the rule: the keys below. It defaults to none.'),
  sinks: sinkOptions.prefault({}),
  seam: seamOptions.prefault({}),
  http: httpOptions.prefault({}),
  telemetry: telemetryOptions.prefault({}),
  log: logOptions.prefault({}),
})

/** The whole configuration. Every key has a default, so an empty file is valid. */
export const configSchema = z.preprocess(withCameraDefaults, sections)

/** The configuration after parsing: every key has a value. */
export type Config = z.infer<typeof configSchema>

/**
 * Reads and checks a configuration file, YAML or JSON in UTF-8. `${NAME}` in any value is replaced from `env`, `${file:PATH}`
 * by the content of a file: that is how secrets get in. Throws one CONFIG_INVALID that lists every mistake with its line,
 * its key and what was expected. With `isAgain` a file that says nothing is a mistake, too: it has just been cut, by an editor
 * that is about to write it or on a full disk, and would close all cameras.
 */
export const loadConfig = (
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  { isAgain = false }: { readonly isAgain?: boolean } = {},
): Config => {
  const text = textOf(file)
  if (isAgain && !/^[^\S\n]*[^\s#]/m.test(text))
    throw new RollcallError('CONFIG_INVALID', `${file}: it says nothing, as a file that was cut`, {
      remedy: 'Write it again; cameras: {} closes all cameras.',
    })
  return readYaml({ name: file, text }, configSchema, env)
}

/** The text of a configuration file. Throws CONFIG_INVALID when it cannot be read. */
export const textOf = (file: string): string => {
  try {
    return decodeText(readAll(file))
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (/^\w+:\/\//.test(file))
      throw new RollcallError('CONFIG_INVALID', `--config ${redactUrl(file)}: expected a file, found a URL`, {
        remedy: 'A camera is named with --camera NAME=URL.',
      })
    const reason = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a directory, expected a file',
      EACCES: 'this user may not read it',
    }[code ?? '']
    throw new RollcallError('CONFIG_INVALID', `${file}: ${reason ?? message}`, {
      cause,
      remedy: 'copy rollcall.example.yaml and name your copy with --config',
    })
  }
}

/** The configuration that an empty file gives. */
export const defaultConfig = (): Config => configSchema.parse({})
