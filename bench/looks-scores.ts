/** What a policy of when to look makes of recordings, compared with who is there. */
import { scoreTracking } from '../src/evaluate/tracking.ts'
import type { RollcallEvent } from '../src/events/types.ts'
import { iou } from '../src/math/boxes.ts'
import type { Box } from '../src/types.ts'
import type { RecordedFrame } from './looks-recorded.ts'

/** Somebody in a frame. */
export interface Shown {
  readonly id: string
  readonly box: Box
}

/** Who is in each frame of a camera, in order. */
export type Everybody = readonly { readonly atMs: number; readonly shown: readonly Shown[] }[]

/** Looks that are further apart say nothing of the pictures between them. */
const nearMs = 1000

/** Follows merges to the ID that holds in the end. */
const inTheEnd = (events: readonly RollcallEvent[]): ((id: string) => string) => {
  const into = new Map<string, string>()
  for (const event of events)
    if (event.type === 'rollcall.person.merged.v1') into.set(event.data.person, event.data.into)
  const last = (id: string): string => (into.has(id) ? last(into.get(id) as string) : id)
  return last
}

const mix = (a: Box, b: Box, part: number): Box => ({
  x: a.x + part * (b.x - a.x),
  y: a.y + part * (b.y - a.y),
  width: a.width + part * (b.width - a.width),
  height: a.height + part * (b.height - a.height),
})

/** How many people there are in the end. */
export const peopleOf = (events: readonly RollcallEvent[]): number =>
  events.filter(({ type }) => type === 'rollcall.person.created.v1').length -
  events.filter(({ type }) => type === 'rollcall.person.merged.v1').length

/** One analysed frame of a camera, as far as it is scored. */
export interface Look {
  readonly seq: number
  readonly capturedAtMs: number
  readonly faces: readonly { readonly track: string; readonly person: string | null; readonly box: Box }[]
}

/**
 * The boxes that somebody who watches every picture of a camera sees, by track or by person: of a picture between two looks those
 * of both, interpolated by track, as the viewer and overlays do. Pictures and looks are in order.
 */
export const shownBetween = (
  pictures: readonly Pick<Look, 'seq' | 'capturedAtMs'>[],
  looks: readonly Look[],
  by: 'track' | 'person',
): Everybody => {
  let next = 0
  return pictures.map(({ seq, capturedAtMs: atMs }) => {
    while ((looks[next]?.seq ?? Infinity) < seq) next++
    const [before, after] = [looks[next - 1], looks[next]]
    const of = ({ track, person }: Look['faces'][number], box: Box): Shown[] => {
      const id = by === 'track' ? track : person
      return id === null ? [] : [{ id, box }]
    }
    if (after?.seq === seq) return { atMs, shown: after.faces.flatMap((face) => of(face, face.box)) }
    if (!before || !after || after.capturedAtMs - before.capturedAtMs > nearMs) return { atMs, shown: [] }
    const part = (atMs - before.capturedAtMs) / (after.capturedAtMs - before.capturedAtMs)
    const shown = before.faces.flatMap((face) => {
      const other = after.faces.find(({ track }) => track === face.track)
      return other ? of(face, mix(face.box, other.box, part)) : []
    })
    return { atMs, shown }
  })
}

/** The looks of a camera, under the IDs that hold in the end. */
export const looksOf = (events: readonly RollcallEvent[], camera: string | undefined): readonly Look[] => {
  const last = inTheEnd(events)
  return events.flatMap((event) => {
    if (event.type !== 'rollcall.frame.v1' || event.data.camera !== camera) return []
    const { seq, capturedAtMs, faces } = event.data
    const named = faces.map(({ track, person, box }) => ({ track, person: person === null ? null : last(person), box }))
    return [{ seq, capturedAtMs, faces: named }]
  })
}

/** What is seen of a recording's camera: see `shownBetween`. */
export const shownOf = (
  frames: readonly RecordedFrame[],
  events: readonly RollcallEvent[],
  by: 'track' | 'person',
): Everybody =>
  shownBetween(
    frames.map(({ stamp }) => stamp),
    looksOf(events, frames[0]?.stamp.camera),
    by,
  )

/** IDF1 and switches of what is shown, against who is there. */
export const tracked = (truth: Everybody, shown: Everybody) =>
  scoreTracking(
    truth.map(({ shown: there }, i) => {
      const seen = shown[i]?.shown ?? []
      return {
        truths: there.map(({ id }) => id),
        predictions: seen.map(({ id }) => id),
        similarity: Float64Array.from(there.flatMap((a) => seen.map((b) => iou(a.box, b.box)))),
      }
    }),
  )

/** The times of one stay of somebody before a camera. */
export interface Stay {
  readonly id: string
  readonly fromMs: number
  readonly untilMs: number
}

/** Somebody who is away for longer begins another stay. */
const awayMs = 1000

export const staysOf = (truth: Everybody): readonly Stay[] => {
  const stays: { id: string; fromMs: number; untilMs: number }[] = []
  for (const { atMs, shown } of truth)
    for (const { id } of shown) {
      const stay = stays.findLast((each) => each.id === id)
      if (stay && atMs - stay.untilMs <= awayMs) stay.untilMs = atMs
      else stays.push({ id, fromMs: atMs, untilMs: atMs })
    }
  return stays
}

/** From this overlap (IoU) on a box shows the face. */
const leastOverlap = 0.3

/** A box that does not come again so soon shows nobody: one look's face of nine pixels, seconds before the next. */
const againMs = 200

/** When somebody who stays was first shown, in more than one picture; null: never. */
export const firstShown = (truth: Everybody, shown: Everybody, { id, fromMs, untilMs }: Stay): number | null => {
  let firstMs: number | null = null
  for (const [i, { atMs, shown: there }] of truth.entries()) {
    if (atMs < fromMs || atMs > untilMs) continue
    const real = there.find((each) => each.id === id)
    if (!real || !(shown[i]?.shown ?? []).some(({ box }) => iou(box, real.box) >= leastOverlap)) continue
    if (firstMs !== null && atMs - firstMs <= againMs) return firstMs
    firstMs = atMs
  }
  return null
}
