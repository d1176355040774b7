import type { Box, FrameEvent } from '../events.ts'

type Frame = Pick<FrameEvent['data'], 'capturedAtMs'> & {
  readonly faces: readonly { readonly track: string; readonly person: string | null; readonly box: Box }[]
  readonly blur?: readonly Box[]
}

/** A box to draw, as fractions of the picture, with whom it is around. */
export interface ShownBox {
  readonly track: string
  readonly person: string | null
  readonly box: Box
}

/** Between two analysed frames that are further apart nothing is known. */
const maxGapMs = 1000
/** A frame this near is the picture itself. */
const sameMs = 20
/** So long after the last analysed frame its boxes are still shown. */
const holdMs = 250

const between = (a: Box, b: Box, share: number): Box => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
  width: a.width + (b.width - a.width) * share,
  height: a.height + (b.height - a.height) * share,
})

/**
 * The boxes at a moment: those of the frame that was taken then, else by track between its two neighbours, else for a short time
 * those of the last one. `frames` are in the order of `capturedAtMs`; all times are milliseconds of the camera's clock.
 */
export const boxesAt = (frames: readonly Frame[], atMs: number): readonly ShownBox[] => {
  const next = frames.find(({ capturedAtMs }) => capturedAtMs >= atMs)
  const last = frames.findLast(({ capturedAtMs }) => capturedAtMs < atMs)
  const [sinceMs, untilMs] = [atMs - (last?.capturedAtMs ?? -Infinity), (next?.capturedAtMs ?? Infinity) - atMs]
  if (next && untilMs <= Math.min(sameMs, sinceMs)) return next.faces
  if (last && sinceMs <= sameMs) return last.faces
  if (last && next && sinceMs + untilMs <= maxGapMs) {
    const after = new Map(next.faces.map((face) => [face.track, face]))
    return last.faces.flatMap(({ track, box }) => {
      const face = after.get(track)
      const person = face?.person ?? null
      return face ? [{ track, person, box: between(box, face.box, sinceMs / (sinceMs + untilMs)) }] : []
    })
  }
  return last && sinceMs <= holdMs ? last.faces : []
}

/**
 * What nobody may see at a moment: the `blur` of the last analysed frame before it and of the next one, if they are near. Both, and
 * longer than boxes are shown: too much is better than too little.
 */
export const blurAt = (frames: readonly Frame[], atMs: number): readonly Box[] => {
  const next = frames.find(({ capturedAtMs }) => capturedAtMs >= atMs)
  const last = frames.findLast(({ capturedAtMs }) => capturedAtMs < atMs)
  const near = [last, next].filter((frame) => frame && Math.abs(frame.capturedAtMs - atMs) <= maxGapMs)
  return near.flatMap((frame) => frame?.blur ?? [])
}
