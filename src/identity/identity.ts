import { RollcallError } from '../errors.ts'
import type {
  CameraChange,
  CameraId,
  Face,
  Faces,
  Person,
  PersonId,
  RollcallEvent,
  StreamId,
  TrackId,
} from '../types.ts'
import { type Appearance, appear } from './appearances.ts'
import { type Change, createClusterer } from './clusterer.ts'
import { createEvents, frameFace } from './events.ts'
import type { IdentityOptions } from './options.ts'
import { createPeople } from './people.ts'
import { createSightings } from './sightings.ts'
import { agreement, weightOf, withFace } from './template.ts'
import { dot } from './vector.ts'

/**
 * Tracks in, people out. Synchronous and deterministic: the same messages in the same order give byte-identical events.
 * Time is what the messages say; cameras' clocks may differ.
 */
export interface Identity {
  /** A message that came before (same camera and stream, no higher `seq`) gives no events. Throws on another embedder's vectors. */
  update(faces: Faces): RollcallEvent[]
  change(change: CameraChange): RollcallEvent[]
  /** Ends all sightings. */
  finish(): RollcallEvent[]
  people(): Person[]
  /** The ID that this one stands for now: itself, unless its person was merged into another. */
  resolve(id: PersonId): PersonId
}

interface CameraRecord {
  /** The last frame number of each stream, newest stream last. */
  readonly streams: Map<StreamId, number>
  readonly tracks: Map<TrackId, Appearance>
  nowMs: number
  changes: number
}

/** Below this cosine to its own track's template an embedding shows a hand, or somebody else: the tracker finds out. */
const outlierSimilarity = 0.22

/** Streams of a camera that are remembered, so that late repeats of their messages are recognised. */
const mostStreams = 64

export const createIdentity = (options: IdentityOptions, site = 'rollcall'): Identity => {
  const events = createEvents(site)
  const people = createPeople()
  const clusterer = createClusterer(people, options)
  const sightings = createSightings(events, options.sightingGapMs)
  const cameras = new Map<CameraId, CameraRecord>()
  let dimensions: number | null = null

  const cameraOf = (name: CameraId): CameraRecord => {
    const camera = cameras.get(name) ?? { streams: new Map(), tracks: new Map(), nowMs: -Infinity, changes: 0 }
    cameras.set(name, camera)
    return camera
  }
  const endTracks = (camera: CameraRecord, over: (track: TrackId) => boolean): void => {
    for (const [track, appearance] of camera.tracks)
      if (over(track)) {
        camera.tracks.delete(track)
        clusterer.end(appearance)
      }
  }
  const check = ({ camera, faces }: Faces): void => {
    for (const { embedding } of faces) {
      if (!embedding) continue
      dimensions ??= embedding.length
      if (embedding.length === dimensions) continue
      throw new RollcallError(
        'MODEL_INVALID',
        `camera "${camera}": an embedding has ${embedding.length} numbers, expected ${dimensions} as in all before`,
        { remedy: 'Use the same embedder for every camera of a site.' },
      )
    }
  }
  /** Adds the face to its track; true when the track's template has grown. */
  const observe = (appearance: Appearance, face: Face, atMs: number): boolean => {
    appearance.frames++
    appearance.lastMs = atMs
    const pending = appearance.uncounted
    appearance.uncounted = { fromMs: pending?.fromMs ?? atMs, frames: (pending?.frames ?? 0) + 1 }
    const { embedding, quality } = face
    if (!embedding || !quality || !(Math.abs(dot(embedding, embedding) - 1) < 0.01)) return false
    const { template, decision } = appearance
    if (quality.overall < options.minQuality) {
      if (decision.reason === 'no-embedding') appearance.decision = { ...decision, reason: 'low-quality' }
      return false
    }
    if (template && template.faces > 1 && agreement(template, embedding) < outlierSimilarity) return false
    if (!template) appearance.goodFromMs = atMs
    appearance.goodUntilMs = atMs
    appearance.template = withFace(template, embedding, weightOf(quality.overall))
    appearance.bestQuality = Math.max(appearance.bestQuality, quality.overall)
    return true
  }
  const tell = (change: Change, atMs: number): RollcallEvent[] => {
    if (change.type === 'created')
      return [
        events.created({ id: change.person.id, name: null }, change.by.camera, change.by.track, change.by.firstMs),
      ]
    const { from, into } = change
    const ended = sightings.end(({ person }) => person === from.id)
    return [
      ...ended,
      events.merged(
        { id: from.id, name: null },
        into.id,
        'engine',
        { similarity: change.similarity, threshold: options.merge },
        atMs,
      ),
    ]
  }
  const countIn = (message: Faces, appearance: Appearance): RollcallEvent[] => {
    const { person, uncounted } = appearance
    if (!person || !uncounted) return []
    appearance.uncounted = null
    person.faces += uncounted.frames
    person.lastSeenAtMs = message.capturedAtMs
    person.lastCamera = message.camera
    const name = `${message.camera}/${message.stream}/${message.seq}`
    return sightings.seen(person.id, message.camera, uncounted.fromMs, message.capturedAtMs, uncounted.frames, name)
  }
  /** What the face's event says: the track's last decision, with today's names. */
  const explain = (face: Face, appearance: Appearance | undefined, due: boolean) => {
    if (!appearance)
      return frameFace(face, {
        person: null,
        similarity: null,
        runnerUp: null,
        threshold: options.join,
        reason: 'tentative',
      })
    const { person, decision } = appearance
    const runnerUp = decision.runnerUp && { ...decision.runnerUp, person: people.resolve(decision.runnerUp.person) }
    return frameFace(face, {
      ...decision,
      person: person?.id ?? null,
      runnerUp: runnerUp && runnerUp.person !== person?.id ? runnerUp : null,
      reason: person && !due ? 'kept' : decision.reason,
    })
  }

  return {
    update(message) {
      check(message)
      const camera = cameraOf(message.camera)
      const before = camera.streams.get(message.stream)
      if (before !== undefined && message.seq <= before) return []
      if (before === undefined) endTracks(camera, () => true)
      camera.streams.delete(message.stream)
      camera.streams.set(message.stream, message.seq)
      for (const stream of camera.streams.keys()) if (camera.streams.size > mostStreams) camera.streams.delete(stream)
      const atMs = message.capturedAtMs
      camera.nowMs = Math.max(camera.nowMs, atMs)

      const seen = new Map<Face, Appearance>()
      const fresh = new Set<Appearance>()
      for (const face of message.faces.toSorted(byTrack)) {
        const appearance = camera.tracks.get(face.track) ?? appear(face.track, message.camera, atMs, options.join)
        if ([...seen.values()].includes(appearance)) continue
        camera.tracks.set(face.track, appearance)
        seen.set(face, appearance)
        if (observe(appearance, face, atMs)) fresh.add(appearance)
      }
      const visible = [...seen.values()]
      const decided = new Map(visible.map((one) => [one, one.decision]))
      const changes = clusterer.frame(visible, fresh, atMs)
      const published = sightings.advance(message.camera, camera.nowMs)
      for (const change of changes) published.push(...tell(change, atMs))
      for (const appearance of visible) published.push(...countIn(message, appearance))
      const faces = message.faces.map((face) => {
        const appearance = seen.get(face)
        return explain(face, appearance, appearance !== undefined && decided.get(appearance) !== appearance.decision)
      })
      if (faces.length > 0 || options.emptyFrames) published.push(events.frame(message, faces))
      const ended = new Set(message.endedTracks)
      endTracks(camera, (track) => ended.has(track))
      clusterer.expire(message.camera, camera.nowMs)
      return published
    },

    change(change) {
      const camera = cameraOf(change.camera)
      const over = change.state !== 'online' && change.state !== 'opening'
      if (change.state === 'offline' || change.state === 'ended') endTracks(camera, () => true)
      const ended = over ? sightings.end((sighting) => sighting.camera === change.camera) : []
      return [...ended, events.camera(change, camera.changes++)]
    },

    finish() {
      for (const camera of cameras.values()) endTracks(camera, () => true)
      return sightings.end(() => true)
    },

    people: () =>
      people.all().map(({ id, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces }) => ({
        id,
        name: null,
        archived: false,
        createdAtMs,
        lastSeenAtMs,
        lastCamera,
        tracks,
        faces,
      })),
    resolve: (id) => people.resolve(id),
  }
}

/** An order that does not depend on the detector's; of two faces said to be of one track the better one counts. */
const byTrack = (a: Face, b: Face): number =>
  a.track === b.track ? b.score - a.score || a.box.x - b.box.x : a.track < b.track ? -1 : 1
