import { signedBytes, unitOfBytes } from '../math/signed-bytes.ts'
import { unit } from '../math/vector.ts'
import type { StreamFrame } from './stream.ts'

type Rounding = (embedding: Float32Array) => Float32Array

/** What is left of an embedding that travels in fewer bits a number, by their name. */
export const roundings: Readonly<Record<string, Rounding>> = {
  float32: (embedding) => embedding,
  float16: (embedding) => unit(Float16Array.from(embedding)) ?? embedding,
  int8: (embedding) => unitOfBytes(signedBytes(embedding)) ?? embedding,
}

/** The stream with rounded embeddings. */
export const roundedStream = (frames: readonly StreamFrame[], rounding: Rounding): StreamFrame[] =>
  frames.map(({ faces, ...frame }) => ({
    ...frame,
    faces: faces.map((face) => ({ ...face, embedding: rounding(face.embedding) })),
  }))
