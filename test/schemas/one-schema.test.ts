import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { eventSchemas } from '../../contract/json-schema.ts'
import { definitionName, oneSchema } from '../../contract/one-schema.ts'

const file = new URL('../../schemas/rollcall.events.json', import.meta.url)
const written = JSON.parse(readFileSync(file, 'utf8'))

test('schemas/rollcall.events.json is what contract says (npm run schemas)', () => {
  expect(written).toEqual(JSON.parse(JSON.stringify(oneSchema(eventSchemas()))))
})

test('takes every event of the examples as exactly one kind, and tells by the type which', () => {
  // With the discriminator: it is looked up by `type`, and a mapping that leads nowhere is an error.
  const ajv = new Ajv2020({ strict: false, discriminator: true, allErrors: false })
  addFormats.default(ajv)
  const { mapping, ...byType } = written.discriminator
  expect(Object.keys(mapping).sort()).toEqual([...eventSchemas().keys()].sort())
  for (const [type, at] of Object.entries(mapping)) {
    expect(at).toBe(`#/$defs/${definitionName(type)}`)
    expect(written.$defs[definitionName(type)].properties.type.const).toBe(type)
  }
  const check = ajv.compile({ ...written, discriminator: byType })
  for (const schema of eventSchemas().values())
    for (const example of schema.examples) {
      expect(check(example), `${example.type}: ${JSON.stringify(check.errors)}`).toBe(true)
      expect(check({ ...example, data: {} }), example.type).toBe(false)
    }
  expect(check({ type: 'rollcall.unheard.of.v1' })).toBe(false)
})
