interface Schema {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly description?: string
}

/** JSON Schemas of what the routes that change cameras take. */
export interface CameraBodies {
  readonly add: object
  readonly test: object
  readonly edit: object
}

const asIs = 'Values are taken as they are: ${NAME} in one is text'
const text = { type: 'string' }

/** `keysSchema` is the JSON Schema of a camera's keys, without defaults: of what is left out each body says what it means. */
export const cameraBodies = (keysSchema: object): CameraBodies => {
  const { properties = {} } = keysSchema as { readonly properties?: Readonly<Record<string, Schema>> }
  const body = (given: object, required: readonly string[], description: string) => ({
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: given,
    additionalProperties: false,
    description: `${description}. ${asIs}`,
  })
  const name = { ...text, description: 'Of the new camera: letters, digits, "_", "." and "-"' }
  const camera = { ...text, description: 'One that is there, over which the keys are laid; without it url is needed' }
  const changes = Object.entries(properties).map(([key, schema]) => [key, key === 'url' ? schema : orNull(schema)])
  return {
    add: body(
      { name, ...properties },
      ['name', 'url'],
      'What is left out is as cameraDefaults of the configuration says',
    ),
    test: body({ camera, ...properties }, [], 'What is left out is as the camera, or cameraDefaults, says'),
    edit: body(Object.fromEntries(changes), [], 'What is left out stays as it is, null takes a key out'),
  }
}

const isNull = ({ type, anyOf = [] }: Schema): boolean => [type].flat().includes('null') || anyOf.some(isNull)

const orNull = (schema: Schema): Schema => {
  if (isNull(schema)) return schema
  const { description, ...rest } = schema
  return { anyOf: [rest, { type: 'null' }], ...(description !== undefined && { description }) }
}
