import type { JsonSchema } from '../../contract/json-schema.ts'
import type { RollcallEvent } from '../../src/events/types.ts'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The numbers in a value, with where they are: `faces[].box.x`. */
export const numbersIn = (value: unknown, path = ''): [path: string, value: number][] => {
  if (typeof value === 'number') return [[path, value]]
  if (Array.isArray(value)) return value.flatMap((item) => numbersIn(item, `${path}[]`))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => numbersIn(inner, path === '' ? name : `${path}.${name}`))
}

/** The parts of a schema that are numbers, by the same paths. */
export const numberSchemasIn = (schema: JsonSchema, path = ''): [path: string, schema: JsonSchema][] => {
  const parts = Array.isArray(schema.anyOf) ? (schema.anyOf as JsonSchema[]) : []
  const own: [string, JsonSchema][] = schema.type === 'number' || schema.type === 'integer' ? [[path, schema]] : []
  const items = isObject(schema.items) ? numberSchemasIn(schema.items, `${path}[]`) : []
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : []
  return [
    ...own,
    ...parts.flatMap((part) => numberSchemasIn(part, path)),
    ...items,
    ...properties.flatMap(([name, inner]) =>
      isObject(inner) ? numberSchemasIn(inner, path === '' ? name : `${path}.${name}`) : [],
    ),
  ]
}

const replaced = (value: unknown, steps: readonly string[], number: number): unknown => {
  const [step, ...others] = steps
  if (step === undefined) return typeof value === 'number' ? number : value
  if (step === '[]') return Array.isArray(value) ? value.map((item) => replaced(item, others, number)) : value
  return isObject(value) && step in value ? { ...value, [step]: replaced(value[step], others, number) } : value
}

/** The event with another number at `path`; in each item where the path goes through an array. */
export const withNumber = (event: RollcallEvent, path: string, number: number): RollcallEvent => ({
  ...event,
  data: replaced(event.data, path.replaceAll('[]', '.[]').split('.'), number) as never,
})
