/** The parts of an OpenAPI document that have schemas. */
interface Document {
  readonly paths?: object
  readonly components?: { readonly schemas?: object }
}

/**
 * Moves each schema with a title into the components and refers to it there. What a place says of it stays at the place. Throws
 * an Error when two schemas have one name.
 */
export const withNamedSchemas = <Given extends Document>(document: Given): Given => {
  const schemas = new Map<string, object>()
  const keep = (title: string, schema: object): void => {
    const known = schemas.get(title) ?? schema
    if (JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`two schemas of answers are named ${title}`)
    schemas.set(title, schema)
  }
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved)
    if (typeof value !== 'object' || value === null) return value
    const copy: Readonly<Record<string, unknown>> = Object.fromEntries(
      Object.entries(value).map(([keyword, inner]) => [keyword, moved(inner)]),
    )
    if (typeof copy.title !== 'string') return copy
    const { title, description, ...schema } = copy
    keep(copy.title, schema)
    return { $ref: `#/components/schemas/${title}`, ...(description !== undefined && { description }) }
  }
  const paths = moved(document.paths)
  const { components } = document
  return {
    ...document,
    paths,
    components: { ...components, schemas: { ...components?.schemas, ...Object.fromEntries(schemas) } },
  }
}
