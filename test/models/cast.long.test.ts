import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { models } from '../support/material.ts'
import { canDecode } from '../vision/footage.ts'
import { expectToHold, root } from './cast.ts'

const publicModels = models() ?? ''
const isThere = ['yunet_n_dynamic.onnx', 'mobilefacenet_foamliu.onnx'].every((file) =>
  existsSync(join(publicModels, file)),
)

describe.skipIf(!canDecode)('the cast: everybody is found, and like themselves and nobody else, in each second', () => {
  it('with the shipped models', () => expectToHold(join(root, 'models'), 'detector', 'embedder', { everySecond: true }))
  it.skipIf(!isThere)('with public models', () =>
    expectToHold(publicModels, 'yunet_n_dynamic', 'mobilefacenet_foamliu', { everySecond: true }),
  )
})
