import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { Scene } from '../../src/demo/footage.ts'
import type { Models } from '../../src/vision/models.ts'
import { type LooksWanted, type LoopLooks, recordLooks } from './looks.ts'

/** Raised when what a look holds changes. */
const version = 2

/** The same as `recordLooks`, kept in `directory` under everything that it depends on. */
export const cachedLooks = async (
  directory: string,
  scene: Scene,
  models: Models,
  wanted: LooksWanted,
): Promise<LoopLooks> => {
  const { detector, embedder } = models
  const key = createHash('sha256')
    .update(readFileSync(scene.file))
    .update(
      JSON.stringify([
        version,
        detector.sha256,
        embedder.sha256,
        embedder.arithmetic,
        wanted.conditions,
        wanted.everyNth,
      ]),
    )
    .digest('hex')
  const file = join(directory, `${scene.name}-${key.slice(0, 16)}.looks`)
  if (existsSync(file)) return deserialize(readFileSync(file)) as LoopLooks
  const looks = await recordLooks(scene, models, wanted)
  mkdirSync(directory, { recursive: true })
  writeFileSync(`${file}.part`, serialize(looks))
  renameSync(`${file}.part`, file)
  return looks
}
