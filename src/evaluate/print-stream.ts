import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { StreamFrame } from './stream.ts'

/**
 * Prints a stream as `readStream` reads it: a line for each frame, embeddings with five digits. Waits for a slow
 * reader.
 */
export const printStream = async (frames: readonly StreamFrame[], out: Writable): Promise<void> => {
  for (const { atMs, camera, faces } of frames) {
    const rounded = faces.map((face) => ({ ...face, embedding: Array.from(face.embedding, (v) => +v.toFixed(5)) }))
    if (!out.write(`${JSON.stringify({ t: atMs / 1000, camera, faces: rounded })}\n`)) await once(out, 'drain')
  }
}
