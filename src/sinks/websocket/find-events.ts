import type { RollcallEvent } from '../../events/types.ts'
import type { CameraId, PersonId } from '../../types.ts'
import type { EventAbout, ReplayBuffer } from './replay-buffer.ts'

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
/** Of JSON in one answer; one event is given whatever its size. */
const mostBytes = 4_194_304

/** The event in a message to clients. */
const eventOf = (frame: Buffer): RollcallEvent => {
  const text = frame.toString('utf8', frame.indexOf('{"type":"event"'))
  return (JSON.parse(text) as { readonly event: RollcallEvent }).event
}

/** Whether an event is looked for. `resolve` says who an ID stands for after merges. */
export const fitsSearch = (
  { camera, person, type }: Pick<EventSearch, 'camera' | 'person' | 'type'>,
  resolve: (id: PersonId) => PersonId,
): ((event: EventAbout) => boolean) => {
  const whom = person === undefined ? undefined : resolve(person)
  return (event) =>
    (camera === undefined || event.camera === camera) &&
    (type === undefined || event.type === type || event.topic === type) &&
    (whom === undefined || event.people?.some((id) => id === whom || resolve(id) === whom) === true)
}

/**
 * Looks through what is kept, from the newest event before `before` on. Stops after `limit` events, after 4 MiB of them, or when
 * it has looked at 50,000: then `next` says where to go on, also when few were found.
 */
export const findEvents = (
  replay: ReplayBuffer,
  resolve: (id: PersonId) => PersonId,
  { before, limit, ...search }: EventSearch,
): FoundEvents => {
  const fits = fitsSearch(search, resolve)
  let bytes = 0
  const events: FoundEvents['events'][number][] = []
  let seq = Math.min(replay.head, (before ?? Number.POSITIVE_INFINITY) - 1)
  const last = Math.max(replay.first, seq - mostLooks + 1)
  for (; seq >= last && events.length < limit; seq--) {
    const buffered = replay.at(seq)
    if (buffered === undefined || !fits(buffered)) continue
    bytes += buffered.frame.length
    if (bytes > mostBytes && events.length > 0) break
    events.push({ seq, event: eventOf(buffered.frame) })
  }
  return { events, next: seq >= replay.first ? seq + 1 : null, oldest: replay.first }
}

/** `sequence` of the oldest event about people, tracks or sightings that is kept; null when there is none. */
export const oldestSequence = (replay: ReplayBuffer): number | null => {
  for (let seq = replay.first; seq <= replay.head; seq++) {
    const buffered = replay.at(seq)
    if (buffered?.topic !== 'people' && buffered?.topic !== 'sightings') continue
    const { data } = eventOf(buffered.frame)
    if ('sequence' in data) return data.sequence
  }
  return null
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
