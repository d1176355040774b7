import type { Box } from '../events.ts'
import type { UnitStamp } from '../protocol.ts'
import type { Look, LookedFace, LookedFrame, ShownPicture } from './types.ts'

/** So many frames and units are known; older ones are forgotten. */
const [keptFrames, keptUnits] = [120, 400]
/** PTS that go back further have jumped; a picture is reordered by less. */
const jumpUs = 2_000_000
/** Neighbours that are further apart say nothing of what is between them. */
const neighbourUs = 1_000_000
/** The boxes of the last analysed frame are shown for so long while the next one has not come. */
const heldUs = 300_000

/** The boxes of one picture. */
export interface Boxes {
  readonly from: ShownPicture['boxes']
  readonly faces: readonly LookedFace[]
  /** Between two analysed frames those of both; a little longer than boxes are shown, since too much is better than too little. */
  readonly blur: readonly Box[]
  /** How far their own picture is away, in frames of `frameUs`. */
  readonly errorFrames: number
  readonly frame: LookedFrame | null
}

/** The analysed frames of a camera by PTS, and what of them belongs to a picture. */
export interface Timeline {
  /** A unit came, in decoding order; `stream` may be an older one than its frame turns out to have. */
  unit(unit: Pick<UnitStamp, 'stream' | 'ptsUs' | 'n'>): void
  add(frame: LookedFrame): void
  /** The boxes of the picture of a unit: its own, or those between its two analysed neighbours. */
  boxesAt(stream: string, ptsUs: number, frameUs: number): Boxes
  /** How tracks are to be drawn from now on. */
  looks(looks: readonly (readonly [track: string, look: Look])[]): void
}

const none: Boxes = { from: 'none', faces: [], blur: [], errorFrames: 0, frame: null }

const mix = (a: number, b: number, part: number): number => a + (b - a) * part

const between = (before: LookedFrame, after: LookedFrame, ptsUs: number): LookedFace[] => {
  const part = (ptsUs - before.ptsUs) / (after.ptsUs - before.ptsUs)
  return before.faces.flatMap((face) => {
    const other = after.faces.find(({ track }) => track === face.track)
    if (other === undefined) return []
    const [a, b] = [face.box, other.box]
    const box = {
      x: mix(a.x, b.x, part),
      y: mix(a.y, b.y, part),
      width: mix(a.width, b.width, part),
      height: mix(a.height, b.height, part),
    }
    return [{ ...face, box }]
  })
}

/** A unit, and where its PTS count: those of one connection go on, until they jump back. */
interface Placed {
  readonly stream: string
  readonly ptsUs: number
  readonly n: number
  readonly connection: number
  readonly lane: number
}

/** The unit's connection and lane, by the unit before it. Numbers of units begin anew with a connection. */
const placed = (unit: Pick<UnitStamp, 'stream' | 'ptsUs' | 'n'>, before: Placed | undefined): Placed => {
  const { stream, ptsUs, n } = unit
  if (before === undefined) return { stream, ptsUs, n, connection: 0, lane: 0 }
  const isSame = n > before.n && (n === before.n + 1 || stream === before.stream)
  const isOn = isSame && ptsUs >= before.ptsUs - jumpUs
  return {
    stream,
    ptsUs,
    n,
    connection: isSame ? before.connection : before.connection + 1,
    lane: isOn ? before.lane : before.lane + 1,
  }
}

/**
 * Keeps the last analysed frames. A picture that was analysed has exactly its own boxes; one between two analysed ones has
 * theirs, interpolated by track. Who somebody is counts at once, also for pictures before it was known: the box does not jump.
 *
 * A frame belongs to the unit of its connection with the same PTS, whatever their streams: a jump of the clock gives frames
 * another stream, which units have some pictures later, and which of the two comes first is chance.
 */
export const createTimeline = (): Timeline => {
  /** As they came; `lane` is null while no unit says which it is. */
  let frames: { readonly frame: LookedFrame; readonly lane: number | null }[] = []
  const known = new Map<string, Look>()
  /** In decoding order. */
  let units: Placed[] = []

  const laneOf = (frame: LookedFrame): number | null => {
    const named = units.find(({ stream }) => stream === frame.stream)
    const connection = (named ?? units.at(-1))?.connection
    const own = units.findLast((unit) => unit.ptsUs === frame.ptsUs && unit.connection === connection)
    return (own ?? named)?.lane ?? null
  }
  /** The frames beside which a picture is, by PTS. */
  const besides = (stream: string, ptsUs: number): LookedFrame[] => {
    const unit = units.findLast((each) => each.stream === stream && each.ptsUs === ptsUs)
    const own = frames.filter(({ frame, lane }) =>
      unit && lane !== null ? lane === unit.lane : frame.stream === stream,
    )
    return own.map(({ frame }) => frame).toSorted((a, b) => a.ptsUs - b.ptsUs)
  }
  const looked = (face: LookedFace): LookedFace => ({ ...face, look: known.get(face.track) ?? face.look })

  return {
    unit: (unit) => {
      const isFirst = units.every(({ stream }) => stream !== unit.stream)
      units.push(placed(unit, units.at(-1)))
      if (units.length > keptUnits) units = units.slice(-keptUnits / 2)
      // Frames of this stream that came before it were placed by what was known then.
      if (isFirst)
        frames = frames.map((each) =>
          each.frame.stream === unit.stream ? { ...each, lane: laneOf(each.frame) } : each,
        )
    },
    add: (frame) => {
      for (const { track, look } of frame.faces) if (look.text !== null || !known.has(track)) known.set(track, look)
      const isAnother = (each: LookedFrame): boolean => each.stream !== frame.stream || each.ptsUs !== frame.ptsUs
      frames = [...frames.filter((each) => isAnother(each.frame)), { frame, lane: laneOf(frame) }]
      if (frames.length <= keptFrames) return
      frames = frames.slice(-keptFrames / 2)
      const tracks = new Set(frames.flatMap((each) => each.frame.faces.map(({ track }) => track)))
      for (const track of known.keys()) if (!tracks.has(track)) known.delete(track)
    },
    boxesAt: (stream, ptsUs, frameUs) => {
      const own = besides(stream, ptsUs)
      const exact = own.findLast((frame) => frame.ptsUs === ptsUs)
      if (exact)
        return { from: 'exact', faces: exact.faces.map(looked), blur: exact.blur, errorFrames: 0, frame: exact }
      const before = own.findLast((frame) => frame.ptsUs < ptsUs)
      const after = own.find((frame) => frame.ptsUs > ptsUs)
      if (before === undefined || ptsUs - before.ptsUs > neighbourUs) return none
      if (after !== undefined && after.ptsUs - before.ptsUs <= neighbourUs)
        return {
          from: 'between',
          faces: between(before, after, ptsUs).map(looked),
          blur: [...before.blur, ...after.blur],
          errorFrames: 0,
          frame: before,
        }
      const awayUs = ptsUs - before.ptsUs
      if (awayUs > heldUs) return { ...none, blur: before.blur }
      return {
        from: before.faces.length === 0 ? 'none' : 'held',
        faces: before.faces.map(looked),
        blur: before.blur,
        errorFrames: before.faces.length === 0 ? 0 : Math.round(awayUs / frameUs),
        frame: before,
      }
    },
    looks: (looks) => {
      for (const [track, look] of looks) known.set(track, look)
    },
  }
}
