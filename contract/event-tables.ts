import { topicSchemas } from './events.ts'
import { type EventSchema, type JsonSchema, schemasOf, typeOf } from './json-schema.ts'

/** The reference part of docs/events.md, made of the schemas. */

const begin = '<!-- made from contract by `npm run schemas`: do not edit here -->'
const end = '<!-- end of what is made -->'

interface Row {
  readonly field: string
  readonly type: string
  readonly meaning: string
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null

/** Of `anyOf` with null the other schema. */
const present = (schema: JsonSchema): JsonSchema => {
  const parts = Array.isArray(schema.anyOf) ? (schema.anyOf as JsonSchema[]) : []
  return parts.find(({ type }) => type !== 'null') ?? schema
}

const isNullable = ({ anyOf, type }: JsonSchema): boolean =>
  (Array.isArray(anyOf) && anyOf.some((part) => isSchema(part) && part.type === 'null')) ||
  (Array.isArray(type) && type.includes('null'))

const typeName = (schema: JsonSchema): string => {
  const { type, format, enum: values, const: constant, minItems, maxItems } = present(schema)
  const names = (Array.isArray(type) ? type : [type]).filter((name) => name !== 'null')
  const name =
    constant !== undefined
      ? `\`${constant}\``
      : values !== undefined
        ? values.map((value) => `\`${value}\``).join(', ')
        : format === 'date-time'
          ? 'RFC 3339 time'
          : names.join(' or ')
  const count = minItems !== undefined && minItems === maxItems ? ` of ${minItems}` : ''
  return `${name}${count}${isNullable(schema) ? ' or null' : ''}`
}

const rowsOf = (schema: JsonSchema, prefix = ''): Row[] => {
  const { properties } = present(schema)
  if (!isSchema(properties)) return []
  const required = Array.isArray(schema.required) ? schema.required : present(schema).required
  return Object.entries(properties).flatMap(([name, field]) => {
    if (!isSchema(field) || '$ref' in field) return []
    const optional = Array.isArray(required) && required.includes(name) ? '' : ', may be absent'
    const items = present(field).items
    const inner = isSchema(items) ? rowsOf(items, `${prefix}${name}[].`) : rowsOf(field, `${prefix}${name}.`)
    const meaning = field.description ?? present(field).description ?? ''
    return [{ field: `\`${prefix}${name}\``, type: `${typeName(field)}${optional}`, meaning }, ...inner]
  })
}

/** Padded like the formatter does. */
const table = (rows: readonly Row[]): string => {
  const cells = [['field', 'type', 'meaning'], ...rows.map(({ field, type, meaning }) => [field, type, meaning])]
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const [head, ...body] = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
  const rule = widths.map((width) => '-'.repeat(width))
  return [head ?? [], rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** Indented JSON. Innermost objects are on one line where they fit. */
const pretty = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .replace(/\[\n *([^{}[\]]*?)\n *\]/g, (_, inner: string) => `[${inner.replace(/\n */g, ' ')}]`)
    .replace(/\{[^{}[\]]*\}/g, (inner) => {
      const line = inner.replace(/\n */g, ' ')
      return line.length <= 100 ? line : inner
    })

const section = (schema: EventSchema): string =>
  [
    `#### \`${typeOf(schema)}\``,
    `${schema.description} ([schema](../schemas/${typeOf(schema)}.json))`,
    table(rowsOf(schema.$defs.data)),
    `\`\`\`json\n${pretty(schema.examples[0])}\n\`\`\``,
  ].join('\n\n')

/** The reference of all events as Markdown, for docs/events.md. */
export const eventTables = (): string => {
  const [first] = topicSchemas.flatMap(schemasOf)
  // The type is that of the first one only.
  const attributes = (first ? rowsOf(first) : []).map((row) =>
    row.field === '`type`' ? { ...row, type: 'string' } : row,
  )
  return [
    '### Attributes of every event',
    table(attributes),
    ...topicSchemas.flatMap((topic) => [`### Topic \`${topic.name}\``, ...schemasOf(topic).map(section)]),
  ].join('\n\n')
}

/** Replaces what is between the two marks in `document` by `tables`. Throws an Error when a mark is gone. */
export const withTables = (document: string, tables: string): string => {
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/events.md: the marks ${begin} and ${end} are gone`)
  return `${document.slice(0, from)}${begin}\n\n${tables}\n\n${document.slice(to)}`
}
