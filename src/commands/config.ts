import { stringify } from 'yaml'
import { z } from 'zod'
import { configSchema } from '../config/config.ts'
import { parse } from './arguments.ts'

const help = `rollcall config

Prints a complete configuration with every key, its default and what it is for:  rollcall config > rollcall.yaml`

interface Schema {
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly (string | number | null)[]
  readonly const?: string | number
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
}

const WIDTH = 110

const comment = (text: string, indent: string): string[] => {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.length - 1
    if (`${lines[last]} ${word}`.length > WIDTH - indent.length) lines.push(word)
    else lines[last] = `${lines[last]} ${word}`.trim()
  }
  return lines.map((line) => `${indent}# ${line}`)
}

const value = (of: unknown): string =>
  of === undefined ? '' : stringify(of, { collectionStyle: 'flow', lineWidth: 0 }).trim()

/** The words that a key may have as its value. */
const choicesOf = ({ enum: choices = [], const: only, anyOf = [] }: Schema): readonly string[] => [
  ...choices.map(String),
  ...(only === undefined ? [] : [String(only)]),
  ...anyOf.flatMap(choicesOf),
]

/** Lists the choices, unless there is one word only, which the description explains. */
const choicesText = (schema: Schema): string => {
  const choices = choicesOf(schema)
  return choices.length > 1 ? ` One of: ${choices.join(', ')}.` : ''
}

const render = (schema: Schema, indent: string): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([key, property], place) => {
    const about = property.description ? comment(property.description + choicesText(property), indent) : []
    if (property.properties) {
      const space = place > 0 || indent === '' ? [indent.trimEnd()] : []
      return [...space, ...about, `${indent}${key}:`, ...render(property, `${indent}  `)]
    }
    const each = property.additionalProperties || undefined
    const keys = each?.properties ? [`${indent}#   NAME:`, ...render(each, `${indent}#     `)] : []
    return [...about, `${indent}${key}: ${value(property.default)}`.trimEnd(), ...keys]
  })

/** What the example camera has instead of defaults: a login whose password is in the environment. */
const exampleCamera: Readonly<Record<string, string>> = {
  url: 'rtsp://192.0.2.10:554/stream1',
  user: 'viewer',
  password: '${CAM_PASSWORD}',
}

/** The lines of the example camera: every key. */
const camera = (schema: Schema): string[] =>
  render(schema, '    ').map((line) => {
    const key = /^ {4}(\w+):/.exec(line)?.[1] ?? ''
    return Object.hasOwn(exampleCamera, key) ? `    ${key}: ${exampleCamera[key]}` : line
  })

/** The text of `rollcall.example.yaml`, made from the schema and accepted by it. */
export const exampleConfig = (): string => {
  const { properties = {} } = z.toJSONSchema(configSchema, { io: 'output', unrepresentable: 'any' }) as Schema
  const { cameras, cameraDefaults, ...rest } = properties
  const each = cameras?.additionalProperties
  const { site, ...parts } = rest
  return [
    '# Rollcall: every key, its default, and what it is for. Copy it, delete what you do not change, and start it with',
    '#   rollcall run --config rollcall.yaml',
    '# ${NAME} in any value is replaced by the environment variable NAME, ${NAME:-text} by text when it is not set or empty,',
    '# ${file:/run/secrets/cam} by what is in a file: keep passwords there. docs/configuration.md says more.',
    ...render({ properties: { ...(site && { site }) } }, ''),
    '',
    ...comment(cameras?.description ?? '', ''),
    'cameras:',
    '  door:',
    ...(each ? camera(each) : []),
    '',
    ...comment(cameraDefaults?.description ?? '', ''),
    'cameraDefaults: {}',
    ...render({ properties: parts }, ''),
    '',
  ].join('\n')
}

/** Prints `exampleConfig`. Resolves to 0. */
export const config = async (args: readonly string[]): Promise<number> => {
  const options = parse('config', args, { help: { type: 'boolean', short: 'h' } })
  process.stdout.write(options.help ? `${help}\n` : exampleConfig())
  return 0
}
