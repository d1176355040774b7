/** The programs that watch live cameras, and how the lines that they write are read. */
import type { RollcallEvent } from '../src/events/types.ts'
import { type CameraKeys, type LiveProgram, startProgram, startRollcall } from './live-program.ts'
import type { LiveScene } from './live-scenes.ts'
import { type Look, looksOf } from './looks-scores.ts'
import { livePeer } from './peer/python.ts'

/** One line of a program: an analysed frame. */
export interface Saw {
  readonly camera: string
  /** Undefined while it is not known. */
  readonly seq: number | undefined
  readonly ageMs?: number
}

/** One that watches, and how its lines are read. */
export interface Watcher {
  start(cameras: readonly (readonly [string, string])[], onLine: (line: string) => void): LiveProgram
  /** Takes a line. Undefined when it is not about a frame. */
  saw(line: string): Saw | undefined
  looks(camera: string): readonly Look[]
}

/** Numbers the pictures of a stream, of which only the place in the loop is known, and which come in order. */
export const countPasses = (frames: number) => {
  let [passes, last] = [0, 0]
  return (place: number): number => {
    if (place < last - frames / 2) passes++
    last = place
    return passes * frames + place
  }
}

/** The picture of a camera's loop that was shown at this time of its clock; null when unknown. */
export type ShownAt = (camera: string, unixMs: number) => number | null

/** The real program. Frames before the camera's clock is known have no place in the loop. */
export const ours = (scenes: readonly LiveScene[], keys: CameraKeys, shownAt: ShownAt): Watcher => {
  const events: RollcallEvent[] = []
  const numbers = new Map(scenes.map(({ name, facesOf }) => [name, countPasses(facesOf.length)]))
  return {
    start: (cameras, onLine) => startRollcall(cameras, keys, onLine),
    saw: (line) => {
      const event = JSON.parse(line) as RollcallEvent
      if (event.type !== 'rollcall.frame.v1') {
        events.push(event)
        return undefined
      }
      const { camera, capturedAtMs, clock } = event.data
      const place = clock === 'camera' ? shownAt(camera, capturedAtMs) : null
      const seq = place === null ? undefined : numbers.get(camera)?.(place)
      if (seq !== undefined) events.push({ ...event, data: { ...event.data, seq, capturedAtMs: seq * 40 } })
      return { camera, seq, ageMs: Date.now() - capturedAtMs }
    },
    looks: (camera) => looksOf(events, camera),
  }
}

/** The Python program of `bench/peer`. */
export const peer = (python: string): Watcher => {
  const looks = new Map<string, Look[]>()
  return {
    start: (cameras, onLine) => startProgram(python, livePeer(cameras), onLine),
    saw: (line) => {
      const { camera, frame: seq, faces } = JSON.parse(line) as PeerLine
      const named = faces.map(({ track, person, box: [x, y, width, height] }) => ({
        track: `${track}`,
        person: person === null ? null : `${person}`,
        box: { x, y, width, height },
      }))
      const before = looks.get(camera) ?? []
      before.push({ seq, capturedAtMs: seq * 40, faces: named })
      looks.set(camera, before)
      return { camera, seq }
    },
    looks: (camera) => looks.get(camera) ?? [],
  }
}

interface PeerLine {
  readonly camera: string
  readonly frame: number
  readonly faces: readonly {
    readonly track: number
    readonly person: number | null
    readonly box: readonly [number, number, number, number]
  }[]
}
