import { RollcallError } from '../errors.ts'
import { agreement, weightOf, withFace } from '../math/template.ts'
import { dot } from '../math/vector.ts'
import type {
  CameraChange,
  CameraId,
  Face,
  Faces,
  PersonEvent,
  PersonId,
  RollcallEvent,
  TrackEvent,
  TrackId,
} from '../types.ts'
import { topicOf } from '../types.ts'
import { createClusterer } from './clusterer.ts'
import { createCoOccurrence } from './co-occurrence.ts'
import { createEvents, frameFace } from './events.ts'
import { type Scale, similarityOn } from './evidence.ts'
import type { Gallery } from './gallery.ts'
import { createGallery } from './gallery-actions.ts'
import { type CameraRecord, restoreLive, type SavedLive, saveLive } from './live-state.ts'
import type { IdentityOptions } from './options.ts'
import { createPeople } from './people.ts'
import { createRecluster } from './recluster.ts'
import { createSightings } from './sightings.ts'
import type { SavedState, StateChange } from './state.ts'
import { createStateChanges } from './state-changes.ts'
import { createTentativeTracklets } from './tentative.ts'
import { createTrackAssignments } from './track-assignments.ts'
import { newTracklet, type Tracklet } from './tracklet.ts'

/**
 * Tracks in, people out. Synchronous and deterministic: the same messages in the same order give byte-identical events.
 * Time is what the messages say; cameras' clocks may differ.
 */
export interface Identity extends Gallery {
  /** A message that came before (same camera and stream, no higher `seq`) gives no events. Throws on another embedder's vectors. */
  update(faces: Faces): RollcallEvent[]
  change(change: CameraChange): RollcallEvent[]
  /** Ends all tracks and sightings; who waits for a person gets whoever it is clearly most like. */
  finish(): RollcallEvent[]
  /** The ID that this one stands for now: itself, unless its person was merged into another. */
  resolve(id: PersonId): PersonId
  /** What has changed since the last call. Its `live` part must be written before the next call of anything here. */
  takeChange(): StateChange
}

export interface IdentitySetup {
  /** The name of the installation, in every event. */
  readonly site?: string
  /** Where an earlier run was. */
  readonly saved?: SavedState
  /** The embedder's calibration; without it its cosines count as they are. */
  readonly scale?: Scale
}

/** Below this cosine to its own track's template an embedding shows a hand, or somebody else: the tracker finds out. */
const outlierSimilarity = 0.22

/** Streams of a camera that are remembered, so that late repeats of their messages are recognised. */
const mostStreams = 64

export const createIdentity = (
  options: IdentityOptions,
  { site = 'rollcall', saved, scale = { scale: 1, offset: 0 } }: IdentitySetup = {},
): Identity => {
  const events = createEvents(site, saved?.sequence)
  const similarityOf = similarityOn(scale)
  const people = createPeople(similarityOf, options.exemplarShare, saved?.created)
  const coOccurrence = createCoOccurrence(options.cannotLinkFrames)
  const tentative = createTentativeTracklets(people, similarityOf, options)
  const cameras = new Map<CameraId, CameraRecord>()
  const changeable = (): Tracklet[] => [
    ...[...cameras.values()].flatMap(({ tracks }) => [...tracks.values()]),
    ...clusterer.ended,
  ]
  const assignments = createTrackAssignments(people, coOccurrence, changeable, similarityOf, options)
  const clusterer = createClusterer({ people, coOccurrence, assignments, tentative, options })
  const recluster = createRecluster({ people, assignments, similarityOf, options, ended: clusterer.ended })
  const sightings = createSightings(events, options.sightingGapMs)
  const state = createStateChanges({ people, coOccurrence, events })
  let dimensions: number | null = null

  if (saved) {
    state.restore(saved)
    if (saved.live !== null) {
      const live = saved.live as SavedLive
      const restored = restoreLive(people, live)
      for (const [name, camera] of restored.cameras) cameras.set(name, camera)
      tentative.restore(restored.tentative)
      for (const tracklet of restored.ended) clusterer.ended.add(tracklet)
      for (const person of restored.touched) recluster.touch(person)
      sightings.restore(live.sightings)
    }
    dimensions = saved.people.flatMap(({ exemplars }) => exemplars)[0]?.sum.length ?? null
    state.settle()
  }

  const cameraOf = (name: CameraId): CameraRecord => {
    const fresh = { streams: new Map(), tracks: new Map(), nowMs: -Infinity, reclusteredMs: -Infinity, changes: 0 }
    const camera = cameras.get(name) ?? fresh
    cameras.set(name, camera)
    return camera
  }
  const endTracks = (camera: CameraRecord, over: (track: TrackId) => boolean): void => {
    for (const [track, tracklet] of camera.tracks)
      if (over(track)) {
        camera.tracks.delete(track)
        clusterer.end(tracklet)
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
  const observe = (tracklet: Tracklet, face: Face, atMs: number): boolean => {
    tracklet.frames++
    tracklet.lastMs = atMs
    const pending = tracklet.uncounted
    tracklet.uncounted = { fromMs: pending?.fromMs ?? atMs, frames: (pending?.frames ?? 0) + 1 }
    const { embedding, quality } = face
    if (!embedding || !quality || !(Math.abs(dot(embedding, embedding) - 1) < 0.01)) return false
    const { template, decision } = tracklet
    if (quality.overall < options.minQuality) {
      if (decision.reason === 'no-embedding') tracklet.decision = { ...decision, reason: 'low-quality' }
      return false
    }
    tracklet.doubtful = template !== null && template.faces > 1 && agreement(template, embedding) < outlierSimilarity
    if (tracklet.doubtful) return false
    if (!template) tracklet.goodFromMs = atMs
    tracklet.goodUntilMs = atMs
    tracklet.template = withFace(template, embedding, weightOf(quality.overall))
    tracklet.bestQuality = Math.max(tracklet.bestQuality, quality.overall)
    return true
  }
  /** The events of all that has just been decided. */
  const tell = (atMs: number): RollcallEvent[] => {
    const told: RollcallEvent[] = []
    for (const change of assignments.takeChanges())
      switch (change.type) {
        case 'created': {
          const { person, by } = change
          told.push(events.created(person, by?.camera ?? null, by?.track ?? null, by?.firstMs ?? atMs))
          break
        }
        case 'assigned': {
          const { tracklet, before } = change
          if (!tracklet.person) break
          const decision = { ...tracklet.decision, person: tracklet.person.id }
          told.push(events.assigned(tracklet.track, tracklet.camera, decision, before, atMs))
          break
        }
        case 'merged': {
          const { from, into, why } = change
          told.push(...sightings.end(({ person }) => person === from.id))
          told.push(events.merged(from, into.id, why ? 'engine' : 'user', why, atMs))
          break
        }
        case 'split': {
          const { person, off, similarity } = change
          told.push(events.split(person, off.id, similarity === null ? 'user' : 'engine', similarity, atMs))
        }
      }
    return log(told)
  }
  const log = (told: RollcallEvent[]): RollcallEvent[] => {
    for (const event of told)
      if (topicOf(event) === 'people' || event.type.startsWith('rollcall.track.'))
        state.log(event as PersonEvent | TrackEvent)
    return told
  }
  const countIn = (message: Faces, tracklet: Tracklet): RollcallEvent[] => {
    const { person, uncounted } = tracklet
    if (!person || !uncounted) return []
    tracklet.uncounted = null
    person.faces += uncounted.frames
    person.lastSeenAtMs = message.capturedAtMs
    person.lastCamera = message.camera
    people.touch(person)
    const restored = person.archived ? log([events.restored(person, message.capturedAtMs)]) : []
    person.archived = false
    const name = nameOf(message)
    const seen = sightings.seen(
      person.id,
      message.camera,
      uncounted.fromMs,
      message.capturedAtMs,
      uncounted.frames,
      name,
    )
    return [...restored, ...seen]
  }
  /** What the face's event says: the track's last decision, with today's names. */
  const explain = (face: Face, tracklet: Tracklet | undefined, due: boolean) => {
    const { person, decision } = tracklet ?? newTracklet(face.track, '', 0, options.join)
    if (!tracklet) return frameFace(face, { ...decision, reason: 'tentative' })
    const runnerUp = decision.runnerUp && { ...decision.runnerUp, person: people.resolve(decision.runnerUp.person) }
    return frameFace(face, {
      ...decision,
      person: person?.id ?? null,
      runnerUp: runnerUp && runnerUp.person !== person?.id ? runnerUp : null,
      reason: person && !due ? 'kept' : decision.reason,
    })
  }
  const forgetPerson = (id: PersonId): RollcallEvent[] => {
    const over = sightings.end(({ person }) => person === id)
    for (const { tracks } of cameras.values())
      for (const [track, tracklet] of tracks)
        if (tracklet.person?.id === id)
          tracks.set(track, newTracklet(track, tracklet.camera, tracklet.lastMs, options.join))
    for (const tracklet of clusterer.ended) if (tracklet.person?.id === id) clusterer.ended.delete(tracklet)
    return over
  }
  const gallery = createGallery({
    people,
    coOccurrence,
    assignments,
    tentative,
    events,
    state,
    similarityOf,
    options,
    forgetPerson,
    tell,
    log,
  })

  return {
    ...gallery,
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

      const seen = new Map<Face, Tracklet>()
      const fresh = new Set<Tracklet>()
      for (const face of message.faces.toSorted(byTrack)) {
        const tracklet = camera.tracks.get(face.track) ?? newTracklet(face.track, message.camera, atMs, options.join)
        if ([...seen.values()].includes(tracklet)) continue
        camera.tracks.set(face.track, tracklet)
        seen.set(face, tracklet)
        if (observe(tracklet, face, atMs)) fresh.add(tracklet)
      }
      const visible = [...seen.values()]
      const decided = new Map(visible.map((one) => [one, one.decision]))
      clusterer.frame(visible, fresh, atMs)
      for (const { person } of fresh) if (person) recluster.touch(person)
      for (const person of clusterer.expire(message.camera, camera.nowMs)) recluster.touch(person)
      const published = sightings.advance(message.camera, camera.nowMs)
      if (camera.nowMs - camera.reclusteredMs >= options.reclusterMs) {
        camera.reclusteredMs = camera.nowMs
        recluster.run(atMs, new Set(visible.flatMap(({ person }) => person ?? [])))
        if (message.clock !== 'file') published.push(...gallery.age(camera.nowMs))
      }
      published.push(...tell(atMs))
      for (const tracklet of visible) published.push(...countIn(message, tracklet))
      const faces = message.faces.map((face) => {
        const tracklet = seen.get(face)
        return explain(face, tracklet, tracklet !== undefined && decided.get(tracklet) !== tracklet.decision)
      })
      if (faces.length > 0 || options.emptyFrames) published.push(events.frame(message, faces))
      const ended = new Set(message.endedTracks)
      endTracks(camera, (track) => ended.has(track))
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
      const nowMs = Math.max(0, ...[...cameras.values()].map((camera) => camera.nowMs))
      recluster.run(nowMs, new Set())
      for (const name of cameras.keys()) for (const person of clusterer.expire(name, Infinity)) recluster.touch(person)
      recluster.run(nowMs, new Set())
      return [...tell(nowMs), ...sightings.end(() => true)]
    },
    resolve: (id) => people.resolve(id),
    takeChange: () =>
      state.take(
        saveLive(people, {
          cameras,
          tentative: tentative.all(),
          ended: clusterer.ended,
          sightings: sightings.save(),
          touched: recluster.touched(),
        }),
      ),
  }
}

const nameOf = ({ camera, stream, seq }: Faces): string => `${camera}/${stream}/${seq}`

/** An order that does not depend on the detector's; of two faces said to be of one track the better one counts. */
const byTrack = (a: Face, b: Face): number =>
  a.track === b.track ? b.score - a.score || a.box.x - b.box.x : a.track < b.track ? -1 : 1
