/** The `$id` of the schema of a type of event; it changes with the version in the type only. */
export const schemaId = (type: string): string => `urn:rollcall:event:${type}`

/** `dataschema` of the events of a type: the part of their schema that describes `data`. */
export const dataSchemaId = (type: string): string => `${schemaId(type)}#/$defs/data`
