import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import type { Box } from '../types.ts'

const number = z.number()
const point = z.tuple([number, number])

const header = z.object({
  loop: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  fps: z.number().positive(),
  frames: z.int().positive(),
  /** Everybody in the loop. A person has the same name in every loop. */
  people: z.array(z.string()),
  about: z.string(),
})

const frame = z.object({
  frame: z.int().min(0),
  faces: z.array(
    z.object({
      person: z.string(),
      /** As a face detector draws it. In the file it is a list: x, y, width, height. */
      box: z
        .tuple([number, number, number, number])
        .transform(([x, y, width, height]): Box => ({ x, y, width, height })),
      /** Image-left eye, image-right eye, nose tip, image-left and image-right mouth corner; fractions. */
      landmarks: z.array(point).length(5),
      /** Degrees; 0 looks into the camera. */
      yaw: number,
      /** The fraction of the face that is inside the picture and not covered. */
      visible: number,
      hard: z.enum(['profile', 'mask', 'dark', 'small', 'occluded']).nullable(),
    }),
  ),
})

/** One face of one frame. Coordinates are fractions of the picture, origin top left. */
export type TrueFace = z.infer<typeof frame>['faces'][number]

/** Who is where in a loop, known because the loop was composed from labelled faces. */
export interface Truth extends z.infer<typeof header> {
  /** The faces of each frame, by frame number in presentation order. */
  readonly facesOf: readonly (readonly TrueFace[])[]
}

/** Reads `NAME.truth.jsonl`: a header, then one line for each frame. Throws USAGE, which names file and line. */
export const readTruth = async (file: string): Promise<Truth> => {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const read = <T>(schema: z.ZodType<T>, index: number): T => {
    try {
      return schema.parse(JSON.parse(lines[index] ?? ''))
    } catch (cause) {
      const what = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : (cause as Error).message
      throw new RollcallError('USAGE', `${file}:${index + 1}: ${what}`, { cause, remedy: 'make the loops anew' })
    }
  }
  const about = read(header, 0)
  const facesOf = Array.from({ length: about.frames }, (): readonly TrueFace[] => [])
  for (let i = 1; i < lines.length; i++) {
    const { frame: at, faces } = read(frame, i)
    facesOf[at] = faces
  }
  return { ...about, facesOf }
}
