import type { FrameEvent } from '../events.ts'
import type { Look, LookedFrame, ToldFace } from './types.ts'

type Frame = FrameEvent['data']

/** The last analysed frames of a camera, which are shown later than they come, and who was in them. */
export interface FrameMemory {
  /** Keeps the frame, and says how it is drawn. */
  add(frame: Frame): LookedFrame
  /** The frame of a picture; undefined when it is not kept any more. */
  find(stream: string, ptsUs: number): Frame | undefined
  /** How the known tracks are drawn now. */
  looks(): [track: string, look: Look][]
}

/** No fewer frames and tracks are kept; from twice as many on the oldest go. */
const [keptFrames, keptTracks] = [60, 100]

const trim = (map: Map<string, unknown>, kept: number): void => {
  if (map.size <= 2 * kept) return
  for (const key of map.keys()) if (map.size > kept) map.delete(key)
}

/** Empty to begin with. `look` says how a face is drawn. */
export const createFrameMemory = (look: (face: ToldFace) => Look): FrameMemory => {
  const frames = new Map<string, Frame>()
  const told = new Map<string, ToldFace>()
  return {
    add: (frame) => {
      const { stream, ptsUs, seq, capturedAtMs, clock, width, height } = frame
      frames.set(`${stream} ${ptsUs}`, frame)
      trim(frames, keptFrames)
      const faces = frame.faces.map(({ track, box, person, provisional }) => {
        const face = { track, person, ...(provisional !== undefined && { provisional }) }
        told.delete(track)
        told.set(track, face)
        return { track, box, look: look(face) }
      })
      trim(told, keptTracks)
      return { stream, ptsUs, seq, capturedAtMs, clock, width, height, faces, blur: frame.blur ?? [] }
    },
    find: (stream, ptsUs) => frames.get(`${stream} ${ptsUs}`),
    looks: () => [...told].map(([track, face]) => [track, look(face)]),
  }
}
