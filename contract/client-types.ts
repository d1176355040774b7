import { topicSchemas } from './events.ts'
import { type EventSchema, type JsonSchema, schemasOf, typeOf } from './json-schema.ts'

/** The types of the events for TypeScript consumers, made of the schemas: client/src/events.ts. */

const asSchema = (value: unknown): JsonSchema => value as JsonSchema

const comment = ({ description }: JsonSchema, indent: string): string =>
  description === undefined ? '' : `${indent}/** ${description} */\n`

const objectType = ({ properties, required, additionalProperties }: JsonSchema, indent: string): string => {
  if (properties === undefined)
    return `Readonly<Record<string, ${typeScriptOf(asSchema(additionalProperties), indent)}>>`
  const needed = new Set(required as readonly string[] | undefined)
  const inner = `${indent}  `
  const fields = Object.entries(properties as Readonly<Record<string, JsonSchema>>).map(
    ([name, field]) =>
      `${comment(field, inner)}${inner}readonly ${name}${needed.has(name) ? '' : '?'}: ${typeScriptOf(field, inner)}\n`,
  )
  return `{\n${fields.join('')}${indent}}`
}

const arrayType = ({ items, minItems, maxItems }: JsonSchema, indent: string): string => {
  const item = typeScriptOf(asSchema(items), indent)
  if (minItems !== undefined && minItems === maxItems) return `readonly [${Array(minItems).fill(item).join(', ')}]`
  return /^[\w.]+$/.test(item) ? `readonly ${item}[]` : `ReadonlyArray<${item}>`
}

/** A schema as a type of TypeScript. Throws an Error for a keyword that the contract has not used yet. */
export const typeScriptOf = (schema: JsonSchema, indent = ''): string => {
  const { $ref, anyOf, enum: values, const: constant, type } = schema
  if (typeof $ref === 'string') return $ref.replace('#/$defs/', '')
  if (Array.isArray(type)) return type.map((each) => typeScriptOf({ ...schema, type: each }, indent)).join(' | ')
  if (Array.isArray(anyOf)) return anyOf.map((part) => typeScriptOf(asSchema(part), indent)).join(' | ')
  if (constant !== undefined) return literal(constant)
  if (values !== undefined) return values.map(literal).join(' | ')
  switch (type) {
    case 'object':
      return objectType(schema, indent)
    case 'array':
      return arrayType(schema, indent)
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return type
    default:
      throw new Error(`contract/client-types.ts: no TypeScript for ${JSON.stringify(schema)}`)
  }
}

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value))

/** `rollcall.person.merged.v1` becomes `PersonMergedEvent`. */
const nameOf = (type: string): string =>
  `${type
    .split('.')
    .slice(1, -1)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}Event`

const eventType = (schema: EventSchema): string =>
  `/** ${schema.description} */\nexport type ${nameOf(typeOf(schema))} = CloudEvent<'${typeOf(schema)}', ${typeScriptOf(schema.$defs.data)}>\n`

const head = `// Made from contract by \`npm run schemas\`: do not edit here.

`

const derived = `/** A type of event, with the version of its data. */
export type EventType = RollcallEvent['type']
/** The event of a type, such as \`EventOf<'rollcall.person.merged.v1'>\`. */
export type EventOf<Type extends EventType> = Extract<RollcallEvent, { readonly type: Type }>
/** One face of an analysed frame. */
export type FrameFace = FrameEvent['data']['faces'][number]
/** A face's box as fractions of the picture, 0–1, from its top left corner; parts may lie outside the picture. */
export type Box = FrameFace['box']
/** The latest change of a camera's state. */
export type CameraChange = Extract<RollcallEvent, { readonly type: \`rollcall.camera.\${string}\` }>['data']
`

/** The text of client/src/events.ts, before it is formatted. */
export const clientTypes = (): string => {
  const schemas = topicSchemas.flatMap(schemasOf)
  const [first] = schemas
  if (first === undefined) return head
  const { type: _type, data: _data, ...attributes } = first.properties
  const needed = new Set(first.required)
  const others = Object.entries(attributes).map(([name, { description, const: constant }]) => {
    const isFixed = constant !== undefined && name !== 'dataschema'
    return `${comment(description === undefined ? {} : { description }, '  ')}  readonly ${name}${needed.has(name) ? '' : '?'}: ${isFixed ? literal(constant) : 'string'}\n`
  })
  const envelope =
    '/** What every event carries: the attributes of CloudEvents 1.0, and `data`, which depends on its type. */\n' +
    'export interface CloudEvent<Type extends string, Data> {\n' +
    `${others.join('')}  /** The kind of event, with the version of its data. */\n  readonly type: Type\n  readonly data: Data\n}\n`
  const union = schemas.map((schema) => `  | ${nameOf(typeOf(schema))}`).join('\n')
  return [
    head + envelope,
    ...schemas.map(eventType),
    `/** Every event that Rollcall publishes. A later Rollcall may add some: leave out what you do not know. */\nexport type RollcallEvent =\n${union}\n`,
    derived,
  ].join('\n')
}
