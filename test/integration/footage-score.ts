import type { Truth } from '../../src/demo/truth.ts'
import { type IdentityBenchmark, type Judged, scoreIdentities } from '../../src/evaluate/identity-scores.ts'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { iou } from '../../src/math/boxes.ts'

/** From this intersection over union on a detection shows the true face. */
const leastOverlap = 0.3

const isFrame = (event: RollcallEvent): event is FrameEvent => event.type === 'rollcall.frame.v1'

/** The ID each track has in the end: the last one it was given, by the name that merges left it. */
const finalIds = (events: readonly RollcallEvent[]): ((track: string) => string | null) => {
  const into = new Map<string, string>()
  const last = new Map<string, string>()
  for (const event of events) {
    if (event.type === 'rollcall.person.merged.v1') into.set(event.data.person, event.data.into)
    if (event.type === 'rollcall.track.assigned.v1' || event.type === 'rollcall.track.reassigned.v1')
      last.set(event.data.track, event.data.person)
  }
  return (track) => {
    let id = last.get(track) ?? null
    for (let next = id; next !== null; next = into.get(next) ?? null) id = next
    return id
  }
}

/**
 * Scores the events of recordings whose truth is known (`footage/NAME.truth.jsonl`, camera `NAME`): every detection
 * that overlaps a true face is judged by the ID that its track has in the end.
 */
export const scoreFootage = async (
  events: readonly RollcallEvent[],
  truthOf: (camera: string) => Promise<Truth>,
): Promise<IdentityBenchmark> => {
  const frames = events.filter(isFrame)
  const cameras = [...new Set(frames.map(({ data }) => data.camera))]
  const truths = new Map(await Promise.all(cameras.map(async (camera) => [camera, await truthOf(camera)] as const)))
  const idOf = finalIds(events)
  const judged = frames.flatMap(({ data }): Judged[] => {
    const truth = truths.get(data.camera)
    if (!truth) return []
    const real = truth.facesOf[Math.round((data.ptsUs / 1e6) * truth.fps)] ?? []
    const pairs = data.faces
      .flatMap((face) => real.map(({ person, box }) => ({ face, person, overlap: iou(face.box, box) })))
      .filter(({ overlap }) => overlap >= leastOverlap)
      .sort((a, b) => b.overlap - a.overlap)
    const used = new Set<unknown>()
    return pairs.flatMap(({ face, person }) => {
      if (used.has(face) || used.has(person)) return []
      used.add(face).add(person)
      const { track } = face
      return { truth: person, id: idOf(track), alone: track, atMs: data.capturedAtMs, live: face.person !== null }
    })
  })
  return scoreIdentities(judged.toSorted((a, b) => a.atMs - b.atMs))
}
