import type { JsonSchema } from './json-schema.ts'

type Schemas = ReadonlyMap<string, JsonSchema>

/** Keywords that do not change what is valid. */
const annotations = new Set(['title', 'description', 'examples', '$comment', '$id', '$schema', '$defs'])

/**
 * The changes from `before` to `after` that break a consumer, one sentence each; empty when nothing does. Consumers
 * read events from before and after a change, so old events must be valid by the new schema and new events by the old
 * one. Allowed are only other descriptions, more types of events, and more optional properties.
 */
export const breakingChanges = (before: Schemas, after: Schemas): string[] =>
  [...before].flatMap(([type, schema]) => {
    const now = after.get(type)
    return now ? compare(schema, now, { type, path: type, before: schema, after: now }) : [`${type}: the event is gone`]
  })

interface Place {
  readonly type: string
  readonly path: string
  /** The whole schemas, in which `$ref` points. */
  readonly before: JsonSchema
  readonly after: JsonSchema
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The schema with its `$ref` replaced by what it refers to; `#/…` only. */
const follow = (schema: JsonSchema, whole: JsonSchema): JsonSchema => {
  if (typeof schema.$ref !== 'string') return schema
  const { $ref, ...rest } = schema
  let found: unknown = whole
  for (const step of $ref.replace(/^#\/?/, '').split('/')) found = isSchema(found) ? found[step] : undefined
  return isSchema(found) ? { ...follow(found, whole), ...rest } : schema
}

const compare = (a: JsonSchema, b: JsonSchema, place: Place): string[] => {
  const before = follow(a, place.before)
  const after = follow(b, place.after)
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keywords]
    .filter((keyword) => !annotations.has(keyword))
    .flatMap((keyword) => compareKeyword(keyword, before[keyword], after[keyword], place))
}

const compareKeyword = (keyword: string, before: unknown, after: unknown, place: Place): string[] => {
  const { path } = place
  if (keyword === 'properties') return compareProperties(before, after, place)
  if (keyword === 'required') {
    const gone = list(before).filter((name) => !list(after).includes(name))
    const more = list(after).filter((name) => !list(before).includes(name))
    return [
      ...gone.map((name) => `${path}.${String(name)}: was always there, now it may be missing`),
      ...more.map((name) => `${path}.${String(name)}: is required now, events from before may lack it`),
    ]
  }
  if (keyword === 'enum') {
    const gone = list(before).filter((value) => !list(after).includes(value))
    const more = list(after).filter((value) => !list(before).includes(value))
    return [
      ...gone.map((value) => `${path}: ${JSON.stringify(value)} is no value any more, events from before may have it`),
      ...more.map((value) => `${path}: ${JSON.stringify(value)} is a value that consumers do not know`),
    ]
  }
  if (isSchema(before) && isSchema(after)) return compare(before, after, { ...place, path: `${path}[]` })
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && before.every(isSchema)) {
    return before.flatMap((part, i) =>
      isSchema(after[i]) ? compare(part, after[i], place) : [`${path}: ${keyword} ${i} is no schema any more`],
    )
  }
  return same(before, after)
    ? []
    : [`${path}: ${keyword} was ${JSON.stringify(before)}, now it is ${JSON.stringify(after)}`]
}

const compareProperties = (before: unknown, after: unknown, place: Place): string[] => {
  const now = isSchema(after) ? after : {}
  return Object.entries(isSchema(before) ? before : {}).flatMap(([name, schema]) => {
    const path = `${place.path}.${name}`
    const other = now[name]
    if (!isSchema(schema)) return []
    return isSchema(other) ? compare(schema, other, { ...place, path }) : [`${path}: the property is gone`]
  })
}
