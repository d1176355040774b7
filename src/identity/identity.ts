import type { Firing, RollcallEvent, RuleEvent, Sighting } from '../events/types.ts'
import type { CameraChange, CameraId, Faces, PersonId, RecordingsRead, SightingId, TrackId, WallMs } from '../types.ts'
import type { Acts } from './gallery/acts.ts'
import type { Duplicates } from './gallery/duplicates.ts'
import type { Gallery } from './gallery/gallery.ts'
import { isTrackOf, type Likeness, type TrackLikeness, whoIs } from './gallery/who-is.ts'
import type { Objections } from './objectors/objections.ts'
import type { IdentityOptions } from './options.ts'
import { createParts, type EngineParts, type IdentitySetup } from './parts.ts'
import type { Scale } from './people/evidence.ts'
import type { PlaceReport } from './place/place.ts'
import { assertChange, assertContributions, assertLive } from './state/assert-saved.ts'
import type { JournalEntry } from './state/journal.ts'
import { goneRows, type LiveChange, rowsOf } from './state/live-rows.ts'
import { saveLive } from './state/live-state.ts'
import type { PastTrack, StateChange } from './state/state.ts'
import { tick } from './tick.ts'
import type { Tracklet } from './tracklets/tracklet.ts'
import { update } from './update.ts'

export type { IdentitySetup } from './parts.ts'

/**
 * Turns tracks into people. It is synchronous and deterministic: the same calls in the same order return byte-identical
 * events. Time comes from the messages; cameras' clocks may differ.
 */
export interface Identity extends Gallery, Acts, Duplicates, Objections {
  /**
   * Processes one message. A repeated one (its stream had this `seq` or a higher one) returns no events. Throws
   * MODEL_INVALID for embeddings of another length.
   */
  update(faces: Faces): RollcallEvent[]
  /** Records a camera's new state. Ends its sightings when it is frozen, offline or ended. */
  change(change: CameraChange): RollcallEvent[]
  /**
   * Ends what silent cameras left open and applies retention: see `tick`. Never called for recordings, whose events
   * must not depend on the time of day.
   */
  tick(nowMs: WallMs | null): RollcallEvent[]
  /**
   * Ends all tracks and sightings. An unassigned tracklet joins the person it is clearly most like, or is forgotten. With
   * `isOver`, after recordings that were read to their end, nobody comes again, and everybody without a name is looked at once more.
   */
  finish(isOver?: boolean): RollcallEvent[]
  /** Follows aliases to the ID that a person has now. Returns the ID itself when it is no alias. */
  resolve(id: PersonId): PersonId
  /** Every ID from before a merge, and who it stands for now. */
  aliases(): ReadonlyMap<PersonId, PersonId>
  /** Who is on a camera now: the sightings that have started and not ended. */
  openSightings(): readonly Sighting[]
  /** The name of the person an ID stands for; null without one, and when there is no such person. */
  nameOf(id: PersonId): string | null
  /** Whether this is the ID of a person, and no alias. */
  isPerson(id: PersonId): boolean
  /** Whether somebody with this ID was deleted. */
  isDeleted(id: PersonId): boolean
  /** The number of people, archived ones included. */
  peopleCount(): number
  /** The streams of recordings that were read to their end, by camera. */
  recordingsRead(): RecordingsRead
  /** The last wall time that was believed; null when there is none. */
  clockMs(): WallMs | null
  /**
   * Returns what has changed since the last call. Its `live` part shares memory with the engine: write it before the next
   * call of any method. Throws STATE when the change refers to a person or a tracklet that does not exist; nothing may be
   * written then.
   */
  takeChange(): StateChange
  /** The people most like a face of this quality, 0–1: see `whoIs`. */
  whoIs(embedding: Float32Array, quality: number): readonly Likeness[]
  /** How alike a face of this quality, 0–1, and a past track are: see `isTrackOf`. */
  isTrackOf(embedding: Float32Array, quality: number, track: Pick<PastTrack, 'look'>): TrackLikeness | null
  /** The tracks of a sighting; empty when it does not exist or was dropped for its age. */
  tracksOf(sighting: SightingId): readonly TrackId[]
  /** A sighting as it is known now; null as above. */
  sighting(sighting: SightingId): Sighting | null
  /** Keeps what somebody did, with the next change. */
  record(entry: JournalEntry): void
  /** Numbers and logs the event of a rule that has fired, and returns it. `traceparent` is of the faces that it follows from. */
  fire(firing: Firing, traceparent?: string): RuleEvent
  /** Keeps what rules and the seam know, with the next `takeChange`: all that has changed since the last one, in one call. */
  keep(rows: LiveChange): void
  /** Whether nothing of the track may be kept, as known now: it is an objector's, or the unknown are ignored and it is nobody's. */
  isDropped(camera: CameraId, track: TrackId): boolean
  /** How alike people are here, and what was learned from it. Reads up to 300 people: tens of milliseconds. */
  place(): PlaceReport
  /** The scale of scores, with what was learned here. */
  scale(): Scale
}

/** Makes the engine of one site. It goes on where `setup.saved` left off. Throws STATE when that contradicts itself. */
export const createIdentity = (options: IdentityOptions, setup: IdentitySetup = {}): Identity => {
  const parts = createParts(options, setup)
  return {
    ...parts.gallery,
    ...parts.acts,
    ...parts.duplicates,
    ...parts.objections,
    update: (message) => parts.events.traced(message.traceparent, () => update(parts, message)),
    change: (change) => noteChange(parts, change),
    tick: (nowMs) => tick(parts, nowMs),
    finish: (isOver = false) => finish(parts, isOver),
    resolve: (id) => parts.people.resolve(id),
    aliases: () => parts.people.allAliases(),
    openSightings: () => parts.sightings.open(),
    nameOf: (id) => parts.people.find(id)?.name ?? null,
    isPerson: (id) => parts.people.find(id)?.id === id,
    isDeleted: (id) => parts.people.isRetired(id),
    peopleCount: () => parts.people.count(),
    recordingsRead: () =>
      Object.fromEntries([...parts.cameras.all()].map(([name, { read }]) => [name, [...read]] as const)),
    clockMs: () => parts.state.clockMs(),
    takeChange: () => takeChange(parts),
    whoIs: (embedding, quality) => whoIs(embedding, quality, parts.people, options),
    isTrackOf: (embedding, quality, track) => isTrackOf(embedding, quality, track, parts.compare, options),
    tracksOf: (sighting) => parts.sightings.tracksOf(sighting),
    sighting: (sighting) => parts.sightings.named(sighting),
    record: (entry) => parts.state.record(entry),
    fire: (firing, traceparent) => {
      const event = parts.events.traced(traceparent, () => parts.events.fired(firing))
      parts.teller.log([event])
      return event
    },
    keep: (rows) => parts.state.keep(rows),
    isDropped: (camera, track) =>
      parts.droppedTracks.had(camera, track) ||
      (options.unknown === 'ignore' && !parts.tracklets.visible(camera).get(track)?.person),
    place: () => parts.place.report(),
    scale: () => ({ ...parts.place.scale }),
  }
}

const noteChange = (parts: EngineParts, change: CameraChange): RollcallEvent[] => {
  const { cameras, expiry, sightings, events, teller } = parts
  const camera = cameras.of(change.camera)
  // People may still be in front of a camera that this machine is too slow for. Their sightings end by time, as always.
  const isAway = change.state === 'frozen' || change.state === 'offline' || change.state === 'ended'
  if (change.stream !== undefined) cameras.finishRecording(change.camera, change.stream)
  if (change.state === 'offline' || change.state === 'ended') expiry.end(change.camera, () => true)
  const isOnCamera = ({ camera: name }: Sighting): boolean => name === change.camera
  const ended = isAway ? teller.log(sightings.end(isOnCamera, change.atMs)) : []
  return [...ended, events.camera(change, camera.changes++)]
}

const finish = (parts: EngineParts, isOver: boolean): RollcallEvent[] => {
  const { cameras, expiry, recluster, sightings, teller } = parts
  const names = [...cameras.all().keys()]
  for (const name of names) expiry.end(name, () => true)
  const nowMs = Math.max(0, ...names.map((name) => cameras.of(name).nowMs))
  recluster.run(nowMs, new Set())
  for (const name of names) for (const person of expiry.expire(name, Infinity)) recluster.touch(person)
  recluster.run(nowMs, new Set())
  if (isOver) recluster.last()
  const published = [...teller.tell(nowMs), ...teller.countLate(nowMs)]
  return [...published, ...teller.log(sightings.end(() => true, nowMs))]
}

const takeChange = (parts: EngineParts): StateChange => {
  const { people, tracklets, state } = parts
  // Where the unknown are ignored nothing is kept of a track that is nobody's, nor of one that is nobody's any more.
  const isKept = ({ person }: Tracklet): boolean => parts.options.unknown === 'keep' || person !== null
  const live = saveLive(parts, isKept)
  const { changed, forgotten } = tracklets.takeChanged()
  // A link to one that is kept no longer must not stay.
  const linked = parts.options.unknown === 'keep' ? [] : [...changed].flatMap((one) => [...one.coOccurrences.keys()])
  const put = rowsOf(live, new Set([...changed, ...linked].map(({ key }) => key)))
  const gone = [...forgotten, ...[...changed].filter((one) => !isKept(one)).map(({ key }) => key)].flatMap(goneRows)
  const change = state.take({ put: [...put, ...parts.place.takeChanged()], gone })
  assertChange(change, people)
  assertLive(live, people)
  assertContributions(
    tracklets.all(),
    change.people.flatMap(({ id }) => people.find(id) ?? []),
  )
  return change
}
