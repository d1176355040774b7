import { type EventSchema, type JsonSchema, typeOf } from './json-schema.ts'

/** The file in schemas/ that has all events. */
export const oneSchemaName = 'rollcall.events'

/** The name of an event as generators of code want it: `rollcall.sighting.started.v1` is `RollcallSightingStartedV1`. */
export const definitionName = (type: string): string =>
  type
    .split('.')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')

/**
 * One JSON Schema for any event: `oneOf` by `type`, which `discriminator` (OpenAPI 3.1) names for generators. In `$defs` each
 * event stands by its name, and its data beside it as `NAMEData`.
 */
export const oneSchema = (schemas: ReadonlyMap<string, EventSchema>): JsonSchema => {
  const names = [...schemas.keys()].map((type) => [type, definitionName(type)] as const)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:rollcall:event:${oneSchemaName}`,
    title: 'RollcallEvent',
    description: 'Any event of Rollcall as structured CloudEvents JSON.',
    type: 'object',
    required: ['type'],
    discriminator: {
      propertyName: 'type',
      mapping: Object.fromEntries(names.map(([type, name]) => [type, `#/$defs/${name}`])),
    },
    oneOf: names.map(([, name]) => ({ $ref: `#/$defs/${name}` })),
    $defs: Object.assign({}, ...[...schemas.values()].map(definitionsOf)),
  }
}

/** An event and its data, without what only a schema of its own has. */
const definitionsOf = (schema: EventSchema): Record<string, JsonSchema> => {
  const { $schema: _, $id: _id, title: _title, $defs, properties, ...rest } = schema
  const name = definitionName(typeOf(schema))
  return {
    [name]: { title: name, ...rest, properties: { ...properties, data: { $ref: `#/$defs/${name}Data` } } },
    [`${name}Data`]: { title: `${name}Data`, ...$defs.data },
  }
}
