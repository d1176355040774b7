import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { loopFile, scratchDirectory } from '../support/footage.ts'
import { faces, models } from '../support/material.ts'
import { switchEmbedder } from './switched-embedder.ts'

const shipped = resolve(import.meta.dirname, '../../models')
const kept = JSON.parse(readFileSync(resolve(import.meta.dirname, '../quality/migration.json'), 'utf8'))
const publicName = 'mobilefacenet_foamliu.onnx'

test.skipIf(!models() || !faces()).each(['shipped to public', 'public to shipped'])(
  'all loops, %s: a map from the photos of other people changes no ID',
  async (direction) => {
    const folder = scratchDirectory()
    // The same detector before and after.
    const others = join(folder, 'public')
    mkdirSync(others)
    for (const name of ['detector.onnx', 'detector.json']) copyFileSync(join(shipped, name), join(others, name))
    copyFileSync(join(models() ?? '', publicName), join(others, publicName))
    const files = [join(shipped, 'embedder.onnx'), join(others, publicName)]
    const isForth = direction === 'shipped to public'
    const { facesCompared, ...found } = await switchEmbedder({
      folder,
      recordings: Object.fromEntries(
        (['lobby', 'gate', 'cafe', 'street'] as const).map((loop) => [loop, loopFile(loop)]),
      ),
      before: isForth ? shipped : others,
      after: isForth ? others : shipped,
      migrate: [...(isForth ? files : files.toReversed()), '--photos', join(faces() ?? '', 'orl')],
    })
    expect(found).toEqual(kept[`all loops, ${direction}`])
    expect(facesCompared).toBeGreaterThan(1000)
  },
  600_000,
)
