import { Ajv } from 'ajv/dist/ajv.js'
import { expect, test } from 'vitest'
import { cameraDefaults } from '../../src/config/cameras.ts'
import { cameraJsonSchema, changedCamera, readCamera } from '../../src/config/one-camera.ts'
import { cameraBodies } from '../../src/server/camera-bodies.ts'

const bodies = cameraBodies(cameraJsonSchema())
const ajv = new Ajv({ strict: false })
const takes = { add: ajv.compile(bodies.add), test: ajv.compile(bodies.test), edit: ajv.compile(bodies.edit) }
const url = 'rtsp://192.0.2.1/x'

test('a new camera has a name and a URL, one to test has one of two, a change has anything', () => {
  expect([takes.add({ name: 'roof', url }), takes.add({ url }), takes.add({ name: 'roof' })]).toEqual([
    true,
    false,
    false,
  ])
  expect([takes.test({ url }), takes.test({ camera: 'roof' }), takes.test({ name: 'roof' })]).toEqual([
    true,
    true,
    false,
  ])
  expect([takes.edit({}), takes.edit({ maxFps: 4 }), takes.edit({ name: 'roof' })]).toEqual([true, true, false])
})

test('a change may take each key out but the URL, which is what the program does', () => {
  const given = { url, maxFps: 4 }
  for (const key of Object.keys((cameraJsonSchema() as { properties: object }).properties)) {
    expect(takes.edit({ [key]: null }), key).toBe(key !== 'url')
    const change = () => readCamera('roof', changedCamera('roof', given, { [key]: null }), cameraDefaults.parse({}))
    if (key === 'url') expect(change).toThrow('url')
    else expect(change()).toMatchObject({ url })
  }
})

test('nothing is said to have a default, which generated clients would send, or to come from the environment', () => {
  const said = JSON.stringify(cameraJsonSchema())
  expect(said).toContain('"password"')
  expect([said.includes('"default"'), said.includes('${')]).toEqual([false, false])
  const kept = readCamera('roof', { url, user: 'viewer', password: '${CAM_PASSWORD}' }, cameraDefaults.parse({}))
  expect(kept.password).toBe('${CAM_PASSWORD}')
})
