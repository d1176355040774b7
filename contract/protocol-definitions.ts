import { z } from 'zod'
import type { JsonSchema } from './json-schema.ts'

/** The name that a schema of the protocol has in the client's types and in the AsyncAPI document. */
export const nameOf = (schema: z.ZodType): string => String(schema.meta()?.id)

/** JSON Schemas by these names; they refer to each other as `#/$defs/NAME`. */
export const definitionsOf = (schemas: readonly z.ZodType[]): Readonly<Record<string, JsonSchema>> => {
  const all = z.object(Object.fromEntries(schemas.map((schema) => [nameOf(schema), schema])))
  return z.toJSONSchema(all, { io: 'input' }).$defs as Readonly<Record<string, JsonSchema>>
}
