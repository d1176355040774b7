import { z } from 'zod'
import { type TopicSchemas, topicSchemas } from './events.ts'
import { schemaId } from './schema-id.ts'

/** A JSON Schema (draft 2020-12), or a part of one. */
export interface JsonSchema {
  readonly description?: string
  readonly const?: string
  readonly enum?: readonly string[]
  readonly required?: readonly string[]
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly [keyword: string]: unknown
}

/** JSON Schema of one type of event; `#/$defs/data` describes its data alone, which is the value of a Kafka record. */
export interface EventSchema extends JsonSchema {
  readonly $id: string
  readonly title: string
  readonly description: string
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly $defs: { readonly data: JsonSchema }
  readonly examples: readonly { readonly type: string; readonly data: object }[]
}

/** Removes what zod adds beyond the contract. A tuple of equal parts becomes an array of that length. */
const tidy = ({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void => {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
  if (!Array.isArray(jsonSchema.prefixItems)) return
  const [first, ...others] = jsonSchema.prefixItems
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) return
  jsonSchema.items = first
  jsonSchema.minItems = jsonSchema.maxItems = jsonSchema.prefixItems.length
  delete jsonSchema.prefixItems
}

/** The JSON Schema of what is no event. It allows further fields, too. */
export const plainSchema = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', override: tidy })
  return rest as JsonSchema
}

/** The schema allows further fields, because a later Rollcall may add some. */
const schemaOf = (event: z.ZodType): EventSchema => {
  const { $schema, title, description, examples, ...rest } = z.toJSONSchema(event, { io: 'input', override: tidy })
  const properties = rest.properties as Record<string, JsonSchema>
  const { data, ...attributes } = properties
  const type = properties.type?.const as string
  return {
    $schema,
    $id: schemaId(type),
    title,
    description,
    ...rest,
    properties: { ...attributes, data: { $ref: '#/$defs/data' } },
    $defs: { data },
    examples,
  } as unknown as EventSchema
}

/** The type of event that a schema describes, such as `rollcall.frame.v1`. */
export const typeOf = ({ properties }: EventSchema): string => String(properties.type?.const)

/** The JSON Schemas of a topic's events, in their order. */
export const schemasOf = ({ events }: TopicSchemas): readonly EventSchema[] => events.map(schemaOf)

/** All JSON Schemas by type of event, in the order of the topics. */
export const eventSchemas = (): ReadonlyMap<string, EventSchema> =>
  new Map(topicSchemas.flatMap(schemasOf).map((schema) => [typeOf(schema), schema]))
