import { z } from 'zod'
import { nearestWord } from '../text.ts'

interface KeySchema {
  readonly properties?: Readonly<Record<string, KeySchema>>
  readonly additionalProperties?: KeySchema | false
  readonly items?: KeySchema
}

/** Keys that have another name now. */
const renamed: Readonly<Record<string, string>> = {
  maxTogether: 'cannotLinkFrames',
  reviewMs: 'reclusterMs',
}

/** Every key that a schema knows. */
export interface Keys {
  /** What a key that is not known at `path` was probably meant to be: a key there, or a path elsewhere. Null: no idea. */
  meant(path: readonly PropertyKey[], key: string): string | null
  /** The keys at `path`, in their order. */
  at(path: readonly PropertyKey[]): readonly string[]
}

/** Lists the keys of a schema. Entries of a record are called NAME. */
export const keysOf = (schema: z.ZodType): Keys => {
  const root = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as KeySchema
  const at = (path: readonly PropertyKey[]): readonly string[] => {
    const found = path.reduce<KeySchema>(
      (from, step) => from.properties?.[String(step)] ?? (from.additionalProperties || from.items || {}),
      root,
    )
    return Object.keys(found.properties ?? {})
  }
  return {
    at,
    meant: (path, key) => {
      const here = at(path)
      const name = renamed[key]
      if (name !== undefined && here.includes(name)) return name
      const near = nearestWord(key, here)
      if (near !== null) return near
      const elsewhere = placesOf(key, root, [])
      return elsewhere.length > 0 && elsewhere.length <= 3 ? elsewhere.join(' or ') : null
    },
  }
}

const placesOf = (
  key: string,
  { properties = {}, additionalProperties }: KeySchema,
  path: readonly string[],
): readonly string[] => [
  ...(Object.hasOwn(properties, key) ? [[...path, key].join('.')] : []),
  ...Object.entries(properties).flatMap(([name, inner]) => placesOf(key, inner, [...path, name])),
  ...(additionalProperties ? placesOf(key, additionalProperties, [...path, 'NAME']) : []),
]
