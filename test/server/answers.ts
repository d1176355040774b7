import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { close } from '../schemas/close.ts'

interface Document {
  readonly components: object
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>>
    >
  >
}

/**
 * What is wrong with an answer by the OpenAPI document, null when nothing is. `operation` is such as `get /api/people`. A
 * client has to bear fields that the document does not name; here they are wrong. Throws an Error for an answer that the
 * document does not have.
 */
export const faultsOfAnswer = (
  document: unknown,
  operation: string,
  answer: unknown,
  status = 200,
): readonly ErrorObject[] | null => {
  const { paths, components } = document as Document
  const [method = '', path = ''] = operation.split(' ')
  const schema = paths[path]?.[method]?.responses[status]?.content?.['application/json']?.schema
  if (schema === undefined) throw new Error(`${operation} has no schema for ${status}`)
  const isValid = new Ajv2020({ strict: false }).compile(close({ ...schema, components }) as object)
  return isValid(answer) ? null : (isValid.errors ?? [])
}
