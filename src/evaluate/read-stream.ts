import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import { unit } from '../math/vector.ts'
import type { StreamFrame } from './stream.ts'

const name = z.union([z.string(), z.number()]).transform(String)

const line = z.object({
  /** Seconds. */
  t: z.number(),
  camera: name,
  faces: z.array(
    z.object({ person: name, track: name, quality: z.number().min(0).max(1), embedding: z.array(z.number()).min(2) }),
  ),
})

const expected = '{"t": seconds, "camera": …, "faces": [{"person", "track", "quality", "embedding": […]}]}'

/** Reads one frame of a printed stream. Throws USAGE, whose message begins with `where`. */
export const parseStreamLine = (text: string, where: string): StreamFrame => {
  const wrong = (what: string, cause?: unknown): RollcallError =>
    new RollcallError('USAGE', `${where}: ${what}`, { cause, remedy: `every line is a frame: ${expected}` })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw wrong((cause as Error).message, cause)
  }
  const frame = line.safeParse(json)
  if (!frame.success) throw wrong(z.prettifyError(frame.error).replaceAll('\n', ' '), frame.error)
  const { t, camera, faces } = frame.data
  return {
    atMs: Math.round(t * 1000),
    camera,
    faces: faces.map(({ embedding, ...face }) => {
      // Printed numbers are rounded, so the length is no longer 1.
      const direction = unit(embedding)
      if (!direction) throw wrong(`the embedding of track ${face.track} has no direction`)
      return { ...face, embedding: direction }
    }),
  }
}

/**
 * Reads a printed stream from a file, or from standard input when `file` is `-`. Frames are sorted by time. Throws
 * USAGE, which names the line.
 */
export const readStream = async (file: string): Promise<StreamFrame[]> => {
  const shown = file === '-' ? 'standard input' : file
  const input = file === '-' ? process.stdin : createReadStream(file)
  const frames: StreamFrame[] = []
  let number = 0
  let dimensions: number | undefined
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      number++
      if (text.trim() === '') continue
      const frame = parseStreamLine(text, `${shown}:${number}`)
      for (const { embedding } of frame.faces)
        if (embedding.length !== (dimensions ??= embedding.length))
          throw new RollcallError(
            'USAGE',
            `${shown}:${number}: an embedding has ${embedding.length} numbers, those before ${dimensions}`,
            { remedy: 'use one embedder for the whole stream' },
          )
      frames.push(frame)
    }
  } catch (cause) {
    if (cause instanceof RollcallError) throw cause
    throw new RollcallError('USAGE', `${shown}: ${(cause as Error).message}`, { cause, remedy: 'check the path' })
  }
  if (frames.length === 0)
    throw new RollcallError('USAGE', `${shown}: there is no frame in it`, { remedy: `print frames: ${expected}` })
  return frames.sort((a, b) => a.atMs - b.atMs)
}
