import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { readSchemas } from '../../contract/write.ts'
import { close } from './close.ts'

const folder = new URL('../../schemas/', import.meta.url).pathname

/** The schemas as they are committed, by type of event. */
export const committed = readSchemas(folder)
/** What they were when they were last frozen. */
export const baseline = readSchemas(`${folder}baseline`)

const validators = (prepare: (schema: unknown) => unknown): ReadonlyMap<string, ValidateFunction> => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
  addFormats.default(ajv)
  return new Map([...committed].map(([type, schema]) => [type, ajv.compile(prepare(schema) as object)]))
}

const complain = (known: ReadonlyMap<string, ValidateFunction>, event: { type: string }): string[] => {
  const { type } = event
  const validate = known.get(type)
  if (!validate) return [`${type}: there is no schema`]
  if (validate(event)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${type}${instancePath}: ${message} ${JSON.stringify(params)}`,
  )
}

const published = new Ajv2020({ strict: true, allowUnionTypes: true, schemas: [...committed.values()] })
addFormats.default(published)

/** What a consumer gets by an event's `dataschema`; undefined when no schema has that name. */
export const validatorOfData = (dataschema: string): ValidateFunction | undefined => published.getSchema(dataschema)

const strict = validators(close)
const open = validators((schema) => schema)

/** What is wrong with an event of today's Rollcall; empty when nothing is. */
export const faultsOf = (event: { type: string }): string[] => complain(strict, event)
/** The same by the schemas as consumers have them. */
export const publishedFaultsOf = (event: { type: string }): string[] => complain(open, event)
