import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import type { Matrix } from '../math/matrix.ts'
import { replaceFile } from '../replace-file.ts'

const model = z.strictObject({
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  dimensions: z.int().min(1).max(4096),
})

const schema = z.strictObject({
  rollcall: z.literal('embedding-map'),
  from: model,
  to: model,
  /** What the map was fitted from. */
  faces: z.int().min(1),
  prior: z.enum(['zero', 'rotation', 'identity']),
  ridge: z.number().positive(),
  /** Mean cosine of a mapped face to the same face in the new space, of faces that were not in the fit. */
  agreement: z.number().min(-1).max(1),
  /** f32, little-endian, row-major, `from.dimensions` × `to.dimensions`. */
  matrix: z.base64(),
})

/** An embedder, as a map names it. */
export type MappedEmbedder = Readonly<z.infer<typeof model>>

/** A linear map from the space of one embedder into that of another, as a file holds it. No biometric data. */
export interface EmbeddingMap extends Readonly<Omit<z.infer<typeof schema>, 'rollcall' | 'matrix'>> {
  readonly matrix: Matrix
}

const again = 'Fit it anew with rollcall models migrate OLD NEW --out FILE.'

const invalid = (file: string, what: string, cause?: unknown): RollcallError =>
  new RollcallError('MODEL_INVALID', `--map: ${file}: ${what}`, { remedy: again, cause })

/** Reads a map. Throws MODEL_INVALID, which names the file and what is wrong in it. */
export const readMap = async (file: string): Promise<EmbeddingMap> => {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw invalid(file, `cannot be read (${(cause as Error).message})`, cause)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'map'}: ${message}`)
    throw invalid(file, problems.join('; '))
  }
  const { rollcall: _, matrix, ...about } = parsed.data
  const bytes = Buffer.from(matrix, 'base64')
  const [rows, columns] = [about.from.dimensions, about.to.dimensions]
  if (bytes.length !== 4 * rows * columns)
    throw invalid(file, `matrix: ${bytes.length} bytes, expected ${4 * rows * columns} (${rows} × ${columns} numbers)`)
  const values = Float64Array.from({ length: rows * columns }, (_, i) => bytes.readFloatLE(4 * i))
  if (!values.every(Number.isFinite)) throw invalid(file, 'matrix: not all of its numbers are finite')
  return { ...about, matrix: { rows, columns, values } }
}

/** Writes a map. Throws USAGE when the file cannot be written. */
export const writeMap = (file: string, { matrix, ...about }: EmbeddingMap): void => {
  const bytes = Buffer.alloc(4 * matrix.values.length)
  for (const [i, value] of matrix.values.entries()) bytes.writeFloatLE(value, 4 * i)
  try {
    const text = JSON.stringify({ rollcall: 'embedding-map', ...about, matrix: bytes.toString('base64') })
    replaceFile(file, `${text}\n`, { mode: 0o644 })
  } catch (cause) {
    throw new RollcallError('USAGE', `--out: ${file} cannot be written (${(cause as Error).message})`, {
      cause,
      remedy: 'Name a file in a folder that is there and writable.',
    })
  }
}
