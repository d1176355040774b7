import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import { iou } from '../math/boxes.ts'
import { readText } from '../read-all.ts'
import type { Box } from '../types.ts'
import type { TrackedFrame } from './tracking-table.ts'

/** One box under its track's or person's ID, in the file's own unit. */
export interface TrackedBox {
  readonly id: string
  readonly box: Box
}

/** The boxes of each frame number. */
export type Tracks = ReadonlyMap<number, readonly TrackedBox[]>

const name = z.union([z.string(), z.number()]).transform(String)
const box = z.union([
  z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .transform(([x, y, width, height]) => ({ x, y, width, height })),
  z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
])
const face = z.object({ id: name.nullish(), person: name.nullish(), box })
const frameLine = z.object({ frame: z.int(), faces: z.array(face) })
const boxLine = face.extend({ frame: z.int() })
/** Rollcall's own events: `seq` is the frame. */
const eventLine = z.object({
  type: z.literal('rollcall.frame.v1'),
  data: z.object({ seq: z.int(), faces: z.array(face) }),
})

type Found = readonly { readonly frame: number; readonly id: string; readonly box: Box }[]

const remedy =
  'lines are MOT (frame,id,left,top,width,height,…), {"frame","id","box"}, {"frame","faces":[{"id","box"}]} or Rollcall’s events'

const fromMot = (text: string): Found | string => {
  const [frame, id, x, y, width, height] = text.split(/[,\s]+/).map(Number)
  const numbers = [frame, id, x, y, width, height]
  if (numbers.some((value) => value === undefined || !Number.isFinite(value)))
    return `expected at least six numbers, found "${text.slice(0, 60)}"`
  const place = { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 }
  return [{ frame: frame ?? 0, id: `${id}`, box: place }]
}

const fromJson = (text: string): Found | string => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return (error as Error).message
  }
  const faces = (frame: number, list: readonly z.infer<typeof face>[]): Found =>
    list.flatMap(({ id, person, box }) => {
      const known = id ?? person
      return known === null || known === undefined ? [] : [{ frame, id: known, box }]
    })
  const event = eventLine.safeParse(json)
  if (event.success) return faces(event.data.data.seq, event.data.data.faces)
  const frame = frameLine.safeParse(json)
  if (frame.success) return faces(frame.data.frame, frame.data.faces)
  const single = boxLine.safeParse(json)
  if (single.success) return faces(single.data.frame, [single.data])
  // Other events and a header have no boxes.
  const silent = json !== null && typeof json === 'object' && !('frame' in json) && !('box' in json)
  return silent ? [] : z.prettifyError(single.error).replaceAll('\n', ' ')
}

/** Reads a file's text, MOT or JSON lines. Faces without a person are left out. Throws USAGE, which names the line. */
export const parseTracks = (text: string, file: string): Tracks => {
  const tracks = new Map<number, TrackedBox[]>()
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const found = line.trimStart().startsWith('{') ? fromJson(line) : fromMot(line.trim())
    if (typeof found === 'string') throw new RollcallError('USAGE', `${file}:${i + 1}: ${found}`, { remedy })
    for (const { frame, ...rest } of found) {
      const boxes = tracks.get(frame) ?? []
      tracks.set(frame, boxes)
      if (boxes.some(({ id }) => id === rest.id))
        throw new RollcallError('USAGE', `${file}:${i + 1}: ${rest.id} is in frame ${frame} twice`, {
          remedy: 'give every face of a frame an ID of its own',
        })
      boxes.push(rest)
    }
  }
  if (tracks.size === 0) throw new RollcallError('USAGE', `${file}: there is no box in it`, { remedy })
  return tracks
}

/** Reads a file as `parseTracks` does. Throws USAGE, also when it cannot be read. */
export const readTracks = async (file: string): Promise<Tracks> => {
  const text = await readText(file).catch((cause: unknown) => {
    throw new RollcallError('USAGE', (cause as Error).message, { cause, remedy: 'check the path' })
  })
  return parseTracks(text, file)
}

/** Both sides frame by frame, with the intersection over union of each pair of boxes. */
export const compareTracks = (truth: Tracks, predicted: Tracks): TrackedFrame[] =>
  [...new Set([...truth.keys(), ...predicted.keys()])]
    .sort((a, b) => a - b)
    .map((number) => {
      const [truths, predictions] = [truth.get(number) ?? [], predicted.get(number) ?? []]
      return {
        truths: truths.map(({ id }) => id),
        predictions: predictions.map(({ id }) => id),
        similarity: Float64Array.from(truths.flatMap((a) => predictions.map((b) => iou(a.box, b.box)))),
      }
    })
