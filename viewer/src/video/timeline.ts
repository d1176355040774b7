import type { Look, LookedFace, LookedFrame, ShownPicture } from './types.ts'

/** Frames that are older than this are forgotten. Microseconds of PTS. */
const keptFrames = 120
const keptUnits = 400
/** Neighbours that are further apart say nothing of what is between them. */
const neighbourUs = 1_000_000
/** The boxes of the last analysed frame are shown for so long while the next one has not come. */
const heldUs = 300_000

/** The boxes of one picture. */
export interface Boxes {
  readonly from: ShownPicture['boxes']
  readonly faces: readonly LookedFace[]
  /** How far their own picture is away, in frames of `frameUs`. */
  readonly errorFrames: number
  readonly frame: LookedFrame | null
}

/** The analysed frames of a camera by PTS, and what of them belongs to a picture. */
export interface Timeline {
  /** A unit came. Returns nothing; its stream may turn out to be another one. */
  unit(stream: string, ptsUs: number): void
  add(frame: LookedFrame): void
  /** The boxes of the picture of a unit: its own, or those between its two analysed neighbours. */
  boxesAt(stream: string, ptsUs: number, frameUs: number): Boxes
  /** How tracks are to be drawn from now on. */
  looks(looks: readonly (readonly [track: string, look: Look])[]): void
}

const none: Boxes = { from: 'none', faces: [], errorFrames: 0, frame: null }

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

/**
 * Keeps the last analysed frames. A picture that was analysed has exactly its own boxes; one between two analysed ones has
 * theirs, interpolated by track. Who somebody is counts at once, also for pictures before it was known: the box does not jump.
 */
export const createTimeline = (): Timeline => {
  let frames: LookedFrame[] = []
  const known = new Map<string, Look>()
  /** The last units, as their headers name the stream. */
  let units: { readonly stream: string; readonly ptsUs: number }[] = []
  /** Streams that a jump of the clock has begun: frames tell of it before units do. From the unit with this PTS on. */
  let renamed: { readonly from: string; readonly to: string; readonly since: ReadonlySet<number> } | null = null

  const streamOf = (stream: string, ptsUs: number): string => {
    if (renamed === null || stream !== renamed.from) return stream
    return renamed.since.has(ptsUs) ? renamed.to : stream
  }
  const notice = (frame: LookedFrame): void => {
    if (renamed?.to === frame.stream || units.some(({ stream }) => stream === frame.stream)) return
    const at = units.findLastIndex(({ ptsUs }) => ptsUs === frame.ptsUs)
    const unit = units[at]
    if (unit === undefined) return
    const since = units.slice(at).filter(({ stream }) => stream === unit.stream)
    renamed = { from: unit.stream, to: frame.stream, since: new Set(since.map(({ ptsUs }) => ptsUs)) }
  }
  const looked = (face: LookedFace): LookedFace => ({ ...face, look: known.get(face.track) ?? face.look })

  return {
    unit: (stream, ptsUs) => {
      units.push({ stream, ptsUs })
      if (units.length > keptUnits) units = units.slice(-keptUnits / 2)
      // Units that still have the old name come after the jump, too.
      if (renamed?.from === stream)
        renamed = { ...renamed, since: new Set([...renamed.since, ptsUs].slice(-keptUnits)) }
    },
    add: (frame) => {
      notice(frame)
      for (const { track, look } of frame.faces) if (look.text !== null || !known.has(track)) known.set(track, look)
      const at = frames.findLastIndex(({ stream, ptsUs }) => stream === frame.stream && ptsUs <= frame.ptsUs)
      if (frames[at]?.ptsUs === frame.ptsUs && frames[at]?.stream === frame.stream) frames[at] = frame
      else frames.splice(at < 0 ? frames.length : at + 1, 0, frame)
      if (frames.length <= keptFrames) return
      frames = frames.slice(-keptFrames / 2)
      const tracks = new Set(frames.flatMap(({ faces }) => faces.map(({ track }) => track)))
      for (const track of known.keys()) if (!tracks.has(track)) known.delete(track)
    },
    boxesAt: (named, ptsUs, frameUs) => {
      const stream = streamOf(named, ptsUs)
      const own = frames.filter((frame) => frame.stream === stream)
      const exact = own.find((frame) => frame.ptsUs === ptsUs)
      if (exact) return { from: 'exact', faces: exact.faces.map(looked), errorFrames: 0, frame: exact }
      const before = own.findLast((frame) => frame.ptsUs < ptsUs)
      const after = own.find((frame) => frame.ptsUs > ptsUs)
      if (before === undefined || ptsUs - before.ptsUs > neighbourUs) return none
      if (after !== undefined && after.ptsUs - before.ptsUs <= neighbourUs)
        return { from: 'between', faces: between(before, after, ptsUs).map(looked), errorFrames: 0, frame: before }
      const awayUs = ptsUs - before.ptsUs
      if (awayUs > heldUs) return none
      return {
        from: before.faces.length === 0 ? 'none' : 'held',
        faces: before.faces.map(looked),
        errorFrames: before.faces.length === 0 ? 0 : Math.round(awayUs / frameUs),
        frame: before,
      }
    },
    looks: (looks) => {
      for (const [track, look] of looks) known.set(track, look)
    },
  }
}
