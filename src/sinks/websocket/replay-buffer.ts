import { eventJson } from '../../events/json.ts'
import { type RollcallEvent, type Topic, topicOf } from '../../events/types.ts'
import type { CameraId, PersonId } from '../../types.ts'
import { textFrame } from './text-frame.ts'

/** What an event is about: by this subscriptions and searches choose. */
export interface EventAbout {
  readonly topic: Topic
  readonly type: RollcallEvent['type']
  /** Null for an event that names no camera. */
  readonly camera: CameraId | null
  /**
   * The people that the event names. Null for an event that is never about people; empty for a frame without known
   * faces.
   */
  readonly people: readonly PersonId[] | null
}

/** An event as clients get it. */
export interface BufferedEvent extends EventAbout {
  readonly seq: number
  /** When it was added, in milliseconds of a clock that never jumps. */
  readonly atMs: number
  /** The whole message as a WebSocket frame, made once for all clients. */
  readonly frame: Buffer
}

/** A bounded queue of numbered events from which every client reads at its own offset. */
export interface ReplayBuffer {
  /** Number of the newest event; 0 before the first. */
  readonly head: number
  /** Number of the oldest event that is still kept; `head + 1` when there is none. */
  readonly first: number
  /** Numbers the event, and evicts the oldest ones when there are too many bytes. */
  add(event: RollcallEvent, atMs: number): void
  /** Undefined when the event is evicted or has not come yet. */
  at(seq: number): BufferedEvent | undefined
}

/** What an entry takes in addition to its text, measured on Node 24. */
const entryBytes = 300

const peopleOf = (event: RollcallEvent): readonly PersonId[] | null => {
  const { data } = event
  if ('faces' in data) return data.faces.flatMap(({ person }) => person ?? [])
  // It names nobody yet.
  if (event.type === 'rollcall.track.provisional.v1') return []
  if (!('person' in data)) return null
  if ('why' in data) return [data.person, data.before]
  const other = 'into' in data ? data.into : 'off' in data ? data.off : 'from' in data ? data.from : null
  return other === null ? [data.person] : [data.person, other]
}

/** What an event is about. */
export const aboutOf = (event: RollcallEvent): EventAbout => {
  const { type, data } = event
  return { topic: topicOf(event), type, camera: 'camera' in data ? data.camera : null, people: peopleOf(event) }
}

/**
 * Keeps the newest events up to `maxBytes`, numbered from 1 without a gap; the newest one is always kept. All clients share
 * this one queue; each is a consumer with an offset.
 */
export const createReplayBuffer = (maxBytes: number): ReplayBuffer => {
  /** `entries[start]` is the oldest event; those before it have been evicted. */
  let entries: (BufferedEvent | undefined)[] = []
  let start = 0
  let head = 0
  let bytes = 0
  const first = () => head - (entries.length - start) + 1

  const evict = (): void => {
    while (bytes > maxBytes && entries.length - start > 1) {
      bytes -= (entries[start]?.frame.length ?? 0) + entryBytes
      entries[start++] = undefined
    }
    if (start > 1024 && start > entries.length / 2) {
      entries = entries.slice(start)
      start = 0
    }
  }

  return {
    get head() {
      return head
    },
    get first() {
      return first()
    },
    add: (event, atMs) => {
      const seq = ++head
      const frame = textFrame(`{"type":"event","seq":${seq},"event":`, eventJson(event).whole, '}')
      entries.push({ seq, ...aboutOf(event), atMs, frame })
      bytes += frame.length + entryBytes
      evict()
    },
    at: (seq) => (seq < first() ? undefined : entries[start + seq - first()]),
  }
}
