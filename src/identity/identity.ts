import type {
  CameraChange,
  Faces,
  PersonId,
  RecordingsRead,
  RollcallEvent,
  Sighting,
  SightingId,
  TrackId,
  WallMs,
} from '../types.ts'
import { assertChange, assertContributions, assertLive } from './assert-saved.ts'
import type { Gallery } from './gallery.ts'
import { goneRows, rowsOf } from './live-rows.ts'
import { saveLive } from './live-state.ts'
import type { IdentityOptions } from './options.ts'
import { createParts, type EngineParts, type IdentitySetup } from './parts.ts'
import type { StateChange } from './state.ts'
import { tick } from './tick.ts'
import { update } from './update.ts'

export type { IdentitySetup } from './parts.ts'

/**
 * Tracks in, people out. Synchronous and deterministic: the same messages in the same order give byte-identical events.
 * Time is what the messages say; cameras' clocks may differ.
 */
export interface Identity extends Gallery {
  /** A message that came before (same camera and stream, no higher `seq`) gives no events. Throws on another embedder's vectors. */
  update(faces: Faces): RollcallEvent[]
  change(change: CameraChange): RollcallEvent[]
  /** What time does by itself; see `tick`. Not for recordings: their events must not depend on the time of day. */
  tick(nowMs: WallMs | null): RollcallEvent[]
  /** Ends all tracks and sightings; who waits for a person gets whoever it is clearly most like. */
  finish(): RollcallEvent[]
  /** The ID that this one stands for now: itself, unless its person was merged into another. */
  resolve(id: PersonId): PersonId
  /** How many people there are, archived ones too. */
  peopleCount(): number
  /** Recordings that were read to their end, of each camera that has some. */
  recordingsRead(): RecordingsRead
  /** The last time by our clock that was believed; null when there is none. */
  clockMs(): WallMs | null
  /**
   * What has changed since the last call. Its `live` part must be written before the next call of anything here. Throws
   * STATE when it refers to somebody who does not exist, or to a tracklet that was forgotten: nothing may be written then.
   */
  takeChange(): StateChange
  /** Empty when there is no such sighting, or not any more. */
  tracksOf(sighting: SightingId): readonly TrackId[]
}

/** The engine of one site, where `setup.saved` left off. Throws STATE when what was saved makes no sense. */
export const createIdentity = (options: IdentityOptions, setup: IdentitySetup = {}): Identity => {
  const parts = createParts(options, setup)
  return {
    ...parts.gallery,
    update: (message) => update(parts, message),
    change: (change) => noteChange(parts, change),
    tick: (nowMs) => tick(parts, nowMs),
    finish: () => finish(parts),
    resolve: (id) => parts.people.resolve(id),
    peopleCount: () => parts.people.count(),
    recordingsRead: () =>
      Object.fromEntries([...parts.cameras.all()].map(([name, { read }]) => [name, [...read]] as const)),
    clockMs: () => parts.state.clockMs(),
    takeChange: () => takeChange(parts),
    tracksOf: (sighting) => parts.sightings.tracksOf(sighting),
  }
}

const noteChange = (parts: EngineParts, change: CameraChange): RollcallEvent[] => {
  const { cameras, expiry, sightings, events, teller } = parts
  const camera = cameras.of(change.camera)
  const isAway = change.state !== 'online' && change.state !== 'opening'
  if (change.stream !== undefined) cameras.finishRecording(change.camera, change.stream)
  if (change.state === 'offline' || change.state === 'ended') expiry.end(change.camera, () => true)
  const isThere = ({ camera: name }: Sighting): boolean => name === change.camera
  const ended = isAway ? teller.log(sightings.end(isThere, change.atMs)) : []
  return [...ended, events.camera(change, camera.changes++)]
}

const finish = (parts: EngineParts): RollcallEvent[] => {
  const { cameras, expiry, recluster, sightings, teller } = parts
  const names = [...cameras.all().keys()]
  for (const name of names) expiry.end(name, () => true)
  const nowMs = Math.max(0, ...names.map((name) => cameras.of(name).nowMs))
  recluster.run(nowMs, new Set())
  for (const name of names) for (const person of expiry.expire(name, Infinity)) recluster.touch(person)
  recluster.run(nowMs, new Set())
  const told = [...teller.tell(nowMs), ...teller.countLate(nowMs)]
  return [...told, ...teller.log(sightings.end(() => true, nowMs))]
}

const takeChange = (parts: EngineParts): StateChange => {
  const { people, tracklets, state } = parts
  const live = saveLive(parts)
  const { changed, forgotten } = tracklets.takeChanged()
  const put = rowsOf(live, new Set([...changed].map(({ key }) => key)))
  const change = state.take({ put, gone: forgotten.flatMap(goneRows) })
  assertChange(change, people)
  assertLive(live, people)
  assertContributions(
    tracklets.all(),
    change.people.flatMap(({ id }) => people.find(id) ?? []),
  )
  return change
}
