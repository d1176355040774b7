import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { mapped } from '../math/mapped.ts'
import { type EmbeddingMap, readMap } from './embedding-map.ts'

/** Where a direction of another embedder lies in the space of this one: unit length in, unit length out. Null where nobody knows. */
export type FormerEmbedders = (from: { readonly sha256: string }) => ((direction: Float32Array) => Float32Array) | null

/**
 * How embeddings of former embedders come into the space of the one with this SHA-256: by the maps (`*.map.json`, written by
 * `rollcall models migrate --out`) that lie beside the models in `directory`. Throws MODEL_INVALID for a map that cannot be read.
 */
export const formerEmbedders = async (directory: string, sha256: string): Promise<FormerEmbedders> => {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.map.json')).sort()
  const maps: EmbeddingMap[] = []
  for (const file of files) {
    const map = await readMap(join(directory, file))
    if (map.to.sha256 === sha256) maps.push(map)
  }
  return (stored) => {
    const map = maps.find(({ from }) => from.sha256 === stored.sha256)
    return map ? (direction) => mapped(direction, map.matrix) : null
  }
}
