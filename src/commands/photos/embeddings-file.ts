import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { makeDirectory } from '../../make-directory.ts'
import type { Box, Quality } from '../../types.ts'

/** A face of a photo that has been measured. */
export interface KnownFace {
  readonly box: Box
  readonly quality: Quality
  /** Unit length. Biometric data. */
  readonly embedding: Float32Array
  /** The file of its crop, relative to the folder that the embeddings are kept in; null without one. */
  readonly crop: string | null
}

/** What is known of a photo. */
export interface KnownPhoto {
  /** Why it could not be decoded; null when it was. */
  readonly unreadable: string | null
  readonly turn: number
  /** Of the turned photo, pixels. */
  readonly size: { readonly width: number; readonly height: number } | null
  readonly faces: readonly KnownFace[]
}

const number = z.number()
const line = z.object({
  photo: z.string(),
  unreadable: z.string().nullable(),
  turn: number,
  size: z.object({ width: number, height: number }).nullable(),
  faces: z.array(
    z.object({
      box: z.object({ x: number, y: number, width: number, height: number }),
      quality: z.object({ overall: number, sizePx: number, sharpness: number, yaw: number }),
      embedding: z.base64(),
      crop: z.string().nullable(),
    }),
  ),
})

/** The SHA-256 of a photo's bytes: it is known again wherever it lies. */
export const photoKey = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const vectorOf = (text: string): Float32Array => {
  const bytes = Buffer.from(text, 'base64')
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

/** Photos that were measured, by their content. */
export interface EmbeddingsFile {
  /** How many were there at the beginning. */
  readonly found: number
  get(key: string): KnownPhoto | undefined
  /** Adds a photo; it is in the file when this returns. */
  add(key: string, photo: KnownPhoto): void
}

/**
 * Opens the file in which measured photos are kept, a JSON line each, so that work that was cut off goes on where it was. `models`
 * names the models; a file of other models is begun anew. A line that was cut off is left out. The file is for its owner only.
 */
export const openEmbeddings = (file: string, models: string): EmbeddingsFile => {
  const header = JSON.stringify({ rollcall: 'embeddings', models })
  const [first, ...rest] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const known = new Map<string, KnownPhoto>()
  if (first === header)
    for (const text of rest) {
      const parsed = line.safeParse(parsedJson(text))
      if (!parsed.success) continue
      const { photo, faces, ...about } = parsed.data
      known.set(photo, { ...about, faces: faces.map((face) => ({ ...face, embedding: vectorOf(face.embedding) })) })
    }
  else {
    makeDirectory(dirname(file))
    writeFileSync(file, `${header}\n`, { mode: 0o600 })
  }
  // After a line that was cut off.
  if (first === header && rest.at(-1) !== '') appendFileSync(file, '\n')
  return {
    found: known.size,
    get: (key) => known.get(key),
    add: (key, { faces, ...about }) => {
      const texts = faces.map(({ embedding, ...face }) => ({
        ...face,
        embedding: Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength).toString('base64'),
      }))
      appendFileSync(file, `${JSON.stringify({ photo: key, ...about, faces: texts })}\n`)
    },
  }
}

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
