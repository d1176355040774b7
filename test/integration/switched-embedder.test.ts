import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { partOf, scratchDirectory } from '../support/footage.ts'
import { widerModel } from '../support/wider-model.ts'
import { switchEmbedder } from './switched-embedder.ts'

const shipped = resolve(import.meta.dirname, '../../models')

// With public models and all loops, in both directions: switched-embedder.long.test.ts.
test.skipIf(!canCutPhotos)(
  'a site that switches its embedder keeps everybody’s ID',
  async () => {
    const folder = scratchDirectory()
    const wider = widerModel(folder)
    const cafe = await partOf('cafe', 14, 16, join(folder, 'cafe.mp4'))
    const { facesCompared, ...found } = await switchEmbedder({
      folder,
      recordings: { cafe },
      before: shipped,
      after: folder,
      migrate: [join(shipped, 'embedder.onnx'), wider, '--photos', await castPhotos()],
    })
    expect(found).toEqual({ people: 2, idsChanged: 0, created: 0 })
    expect(facesCompared).toBeGreaterThan(20)
  },
  180_000,
)
