/** The published schemas are open to new fields; here every object is closed, so that a field that no schema has is found. */
export const close = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(close)
  if (typeof schema !== 'object' || schema === null) return schema
  const closed = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, keyword === 'examples' ? value : close(value)]),
  )
  const isObject = [closed.type].flat().includes('object')
  return 'properties' in closed && isObject ? { ...closed, additionalProperties: false } : closed
}
