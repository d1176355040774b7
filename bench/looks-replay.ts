/** Cameras with a policy of when to look, on recordings that were analysed before. */
import type { RollcallEvent } from '../src/events/types.ts'
import { createIdentity } from '../src/identity/identity.ts'
import { identityOptions } from '../src/identity/options.ts'
import { createCutDetector } from '../src/tracking/cut.ts'
import { facesOfParts } from '../src/tracking/faces-of-parts.ts'
import { trackerOptions } from '../src/tracking/options.ts'
import { createRegions, facesAsWanted, type Regions } from '../src/tracking/regions.ts'
import { createTracker } from '../src/tracking/tracker.ts'
import type { Face, Faces, Pace } from '../src/types.ts'
import { type Changes, createChanges } from '../src/vision/changes.ts'
import { boxOf, costOf, type Part, partsOf, seenBy } from '../src/vision/parts.ts'
import { createPaces } from '../src/worker/paces.ts'
import type { RecordedFace, RecordedFrame } from './looks-recorded.ts'

/** Frames of a second that are looked at, by pace; null: all. */
export interface Rates extends Readonly<Record<Exclude<Pace, 'dozing'>, number | null>> {
  /** The longest time between looks at the whole picture; null: every look is at the whole. */
  readonly wholeLookMs: number | null
}

/** What a site makes of its recordings. */
export interface Replayed {
  readonly looks: number
  /** What the detector looked at in all, in whole pictures. */
  readonly cost: number
  readonly events: readonly RollcallEvent[]
  readonly embeddings: number
}

/** So many frames pass before the camera does what the last one told. */
const lateFrames = 2

/** One camera: which frames pass, and what they show. */
const createCamera = (name: string, rates: Rates) => {
  const tracker = createTracker(trackerOptions.parse({}), name)
  const cuts = createCutDetector()
  const regions = rates.wholeLookMs === null ? null : createRegions(tracker, rates.wholeLookMs)
  const changes = rates.wholeLookMs === null ? null : createChanges()
  /** What holds from a frame on, in order. */
  let told: { readonly fromFrame: number; readonly fps: number | null }[] = []
  let fps = rates.awake
  let gate = { originMs: 0, slot: 0 }
  let number = 0
  const passes = (ms: number): boolean => {
    const due = told.findLast(({ fromFrame }) => fromFrame <= number)
    told = told.filter(({ fromFrame }) => fromFrame > number)
    number++
    if (due && due.fps !== fps) {
      fps = due.fps
      gate = { originMs: ms, slot: 0 }
    }
    if (fps === null) return true
    if (ms - gate.originMs < (gate.slot * 1000) / fps) return false
    gate.slot = Math.max(gate.slot + 1, Math.floor(((ms - gate.originMs) * fps) / 1000) + 1)
    return true
  }
  const paces = createPaces({
    pace: (_, pace, isStirred) => {
      const most = rates[pace === 'dozing' ? 'resting' : pace]
      regions?.limit(most)
      const givesAll = regions !== null && (isStirred || pace === 'steady')
      told.push({ fromFrame: number + lateFrames - 1, fps: givesAll ? rates.awake : most })
    },
    isWatched: () => false,
    isAsleep: () => false,
    isStirred: () => regions?.isStirred === true,
    tracker: () => tracker,
  })
  return (frame: RecordedFrame): { readonly faces: Faces; readonly cost: number } | null => {
    const { stamp, coarse, width, height } = frame
    if (!passes(stamp.capturedAtMs)) return null
    const look = regions ? facesInParts(frame, regions) : whole
    if (look === null) return null
    const more = look.faces || !changes ? { faces: frame.faces, cost: 0 } : facesInChanges(frame, changes)
    const seen = look.faces ?? more.faces
    if (!look.faces) regions?.saw(stamp, null)
    changes?.found(seen.map(({ box }) => box))
    // With embeddings the tracker would associate by them, which no camera can.
    const bare = seen.map(({ box, landmarks, score }) => ({ box, landmarks, score }))
    const tracked = tracker.update(stamp, bare, cuts.isCut(coarse))
    const faces = tracked.map(({ shouldEmbed, ...face }, i): Face => {
      const look = seen[i]
      if (!shouldEmbed || !look) return face
      const { embedding, quality } = look
      return { ...face, embedding, quality, track: tracker.embedded(face.track, embedding, quality) }
    })
    paces.note(stamp)
    return { faces: { ...stamp, width, height, faces, endedTracks: tracker.takeEnded() }, cost: look.cost + more.cost }
  }
}

/** The faces by parts of a picture, null where the whole is looked at; and what the detector looks at in all, in whole pictures. */
interface LookAt {
  readonly faces: readonly RecordedFace[] | null
  readonly cost: number
}

const whole: LookAt = { faces: null, cost: 1 }

/** The faces that each part of the picture would show, if it shows what the whole does there. */
const shownIn = ({ faces, blocks }: RecordedFrame, parts: readonly Part[]): readonly (readonly RecordedFace[])[] =>
  parts.map((part) =>
    faces.filter(({ box }) => {
      const [x, y] = [(box.x + box.width / 2) * blocks.width, (box.y + box.height / 2) * blocks.height]
      return x >= part.x && y >= part.y && x < part.x + part.width && y < part.y + part.height
    }),
  )

/** What the parts would show that have changed, else the whole. `cost` is what they cost more than the whole does. */
const facesInChanges = (frame: RecordedFrame, changes: Changes) => {
  const look = { ...frame.stamp, blocks: frame.blocks }
  const parts = changes.since(look)
  const areas = parts?.map((part) => boxOf(part, frame.blocks))
  const faces = parts && areas ? facesOfParts(areas, shownIn(frame, parts)) : null
  changes.saw(look, faces ? parts : null)
  const cost = parts ? costOf(parts, frame.blocks) : 0
  return faces ? { faces, cost: cost - 1 } : { faces: frame.faces, cost }
}

/** What parts of the picture would show, if each face is found as in the whole; null when nothing is looked at. */
const facesInParts = (frame: RecordedFrame, regions: Regions): LookAt | null => {
  const wanted = regions.next(frame.stamp, frame.cells)
  if (wanted === 'whole') return whole
  if (wanted === 'nothing') return null
  const parts = partsOf(wanted, frame.blocks)
  if (!parts) return wanted.isDue ? whole : null
  const faces = facesAsWanted(wanted, shownIn(frame, parts))
  if (faces) regions.saw(frame.stamp, seenBy(parts, wanted, frame.blocks))
  return { faces, cost: costOf(parts, frame.blocks) + (faces ? 0 : 1) }
}

/** All cameras of one site, at the same time. */
export const replay = (cameras: readonly (readonly RecordedFrame[])[], rates: Rates): Replayed => {
  const engine = createIdentity(identityOptions.parse({}))
  const followed = new Map<string, ReturnType<typeof createCamera>>()
  let looks = 0
  let cost = 0
  const events: RollcallEvent[] = []
  let embeddings = 0
  for (const frame of cameras.flat().toSorted((a, b) => a.stamp.capturedAtMs - b.stamp.capturedAtMs)) {
    const { camera } = frame.stamp
    const follow = followed.get(camera) ?? createCamera(camera, rates)
    followed.set(camera, follow)
    const look = follow(frame)
    if (look === null) continue
    const { faces } = look
    cost += look.cost
    embeddings += faces.faces.filter(({ embedding }) => embedding).length
    looks++
    events.push(...engine.update(faces))
  }
  return { looks, cost, events: [...events, ...engine.finish()], embeddings }
}
