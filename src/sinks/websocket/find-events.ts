import type { RollcallEvent } from '../../events/types.ts'
import type { CameraId, PersonId } from '../../types.ts'
import type { BufferedEvent, ReplayBuffer } from './replay-buffer.ts'

/** Which events are looked for; see `EventsQuery` of the server. */
export interface EventSearch {
  readonly camera?: CameraId | undefined
  readonly person?: PersonId | undefined
  /** A type, or a topic. */
  readonly type?: string | undefined
  readonly before?: number | undefined
  readonly limit: number
}

/** What was found, newest first. */
export interface FoundEvents {
  readonly events: readonly { readonly seq: number; readonly event: RollcallEvent }[]
  /** Where to go on; null when nothing older is kept. */
  readonly next: number | null
  readonly oldest: number
}

/** A look at so many takes some milliseconds. */
const mostLooks = 50_000

/** The event in a message to clients. */
const eventOf = (frame: Buffer): RollcallEvent => {
  const text = frame.toString('utf8', frame.indexOf('{"type":"event"'))
  return (JSON.parse(text) as { readonly event: RollcallEvent }).event
}

/**
 * Looks through what is kept, from the newest event before `before` on. Stops after `limit` events, or when it has looked at
 * 50,000: then `next` says where to go on, also when few were found.
 */
export const findEvents = (
  replay: ReplayBuffer,
  resolve: (id: PersonId) => PersonId,
  { camera, person, type, before, limit }: EventSearch,
): FoundEvents => {
  const whom = person === undefined ? undefined : resolve(person)
  const fits = (event: BufferedEvent): boolean =>
    (camera === undefined || event.camera === camera) &&
    (type === undefined || event.type === type || event.topic === type) &&
    (whom === undefined || event.people?.some((id) => id === whom || resolve(id) === whom) === true)
  const events: FoundEvents['events'][number][] = []
  let seq = Math.min(replay.head, (before ?? Number.POSITIVE_INFINITY) - 1)
  const last = Math.max(replay.first, seq - mostLooks + 1)
  for (; seq >= last && events.length < limit; seq--) {
    const buffered = replay.at(seq)
    if (buffered !== undefined && fits(buffered)) events.push({ seq, event: eventOf(buffered.frame) })
  }
  return { events, next: seq >= replay.first ? seq + 1 : null, oldest: replay.first }
}

/** The events since `fromMs`, by the clock of the buffer, that name the camera or none; oldest first. */
export const findRecent = (replay: ReplayBuffer, camera: CameraId, fromMs: number): readonly RollcallEvent[] => {
  const found: RollcallEvent[] = []
  for (let seq = replay.head; seq >= replay.first; seq--) {
    const event = replay.at(seq)
    if (event === undefined || event.atMs < fromMs) break
    if (event.camera === camera || event.camera === null) found.push(eventOf(event.frame))
  }
  return found.reverse()
}
