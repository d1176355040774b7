import type { RollcallEvent } from '../events/types.ts'
import type { CameraId, Face, Faces } from '../types.ts'
import { clusterFrame } from './clustering/clusterer.ts'
import { explainFace } from './events/explain.ts'
import { observeFaces } from './observe.ts'
import type { EngineParts } from './parts.ts'
import { sightedTrack } from './sightings/sighting.ts'
import type { Tracklet } from './tracklets/tracklet.ts'

/** Processes one message: observes its faces, decides who they are, and returns its events, the frame's last. */
export const update = (parts: EngineParts, message: Faces): RollcallEvent[] => {
  const { options, people, cameras, expiry, recluster, sightings, events, teller } = parts
  parts.checkEmbeddings(message)
  const arrival = cameras.arrive(message)
  if (arrival === 'repeated') return []
  if (arrival === 'new stream') expiry.end(message.camera, () => true)

  const { seen, visible, fresh, published } = observe(parts, message)
  const decisions = new Map(visible.map((one) => [one, one.decision]))
  clusterFrame(parts.clusterer, { visible, fresh, atMs: message.capturedAtMs, isDamaged: message.damaged === true })
  for (const { person } of fresh) if (person) recluster.touch(person)

  const { nowMs } = cameras.of(message.camera)
  for (const person of expiry.expire(message.camera, nowMs)) recluster.touch(person)
  // One by one: `push(...events)` puts them on the stack, which overflows beyond about 120,000.
  for (const event of teller.log(sightings.advance(message.camera, nowMs))) published.push(event)
  const sinceMs = cameras.of(message.camera).reclusteredMs
  const isDue = isReclusterDue(parts, message.camera)
  if (isDue) {
    const present = new Set(visible.flatMap(({ person }) => person ?? []))
    recluster.run(message.capturedAtMs, present, { camera: message.camera, sinceMs, nowMs })
  }
  for (const event of teller.tell(message.capturedAtMs)) published.push(event)
  if (isDue) for (const event of parts.dropping.sweep(message.capturedAtMs)) published.push(event)
  for (const tracklet of visible) for (const event of countFrame(parts, message, tracklet)) published.push(event)
  for (const event of teller.countLate(message.capturedAtMs)) published.push(event)
  const isDropped = ({ track }: Face): boolean => parts.droppedTracks.has(message.camera, track)
  const blur = message.faces.filter(isDropped).map(({ box }) => box)
  const told = message.faces.filter(
    (face) => !isDropped(face) && (options.unknown === 'keep' || seen.get(face)?.person),
  )
  const faces = told.map((face) => {
    const tracklet = seen.get(face)
    const isDecidedNow = tracklet !== undefined && decisions.get(tracklet) !== tracklet.decision
    return explainFace({ face, tracklet, isDecidedNow }, people, options.join)
  })
  if (message.faces.length > 0 || options.emptyFrames)
    published.push(events.frame(message, faces, { blur, unknown: message.faces.length - blur.length - faces.length }))
  const ended = new Set(message.endedTracks)
  expiry.end(message.camera, (track) => ended.has(track))
  return published
}

/** Observes the faces of everybody but objectors, of whom nothing is left. */
const observe = (parts: EngineParts, message: Faces) => {
  const { tracklets, droppedTracks, dropping, options, clarity } = parts
  const { seen, visible, fresh } = observeFaces(
    tracklets,
    { ...message, faces: droppedTracks.others(message) },
    { ...options, clarity },
  )
  const { dropped, events: published } = dropping.drop(fresh, message.capturedAtMs)
  const isOther = (tracklet: Tracklet): boolean => !dropped.has(tracklet)
  return { seen, visible: visible.filter(isOther), fresh: new Set([...fresh].filter(isOther)), published }
}

/** True once every `reclusterMs` of the camera's time; a true answer restarts the interval. */
const isReclusterDue = ({ cameras, options }: EngineParts, name: CameraId): boolean => {
  const camera = cameras.of(name)
  if (Math.abs(camera.nowMs - camera.reclusteredMs) < options.reclusterMs) return false
  camera.reclusteredMs = camera.nowMs
  return true
}

/** Adds the tracklet's uncounted frames, this one included, to its person and to the person's sighting. */
const countFrame = (parts: EngineParts, message: Faces, tracklet: Tracklet): RollcallEvent[] => {
  const { people, cameras, sightings, events, teller } = parts
  const { camera, capturedAtMs: atMs } = message
  const { person, uncounted, track } = tracklet
  if (!person || !uncounted) return []
  tracklet.uncounted = null
  people.addFaces(person, tracklet, uncounted.frames)
  people.saw(person, tracklet, atMs, camera)
  const restored = person.archived ? [events.restored(person, atMs)] : []
  person.archived = false
  const part = sightedTrack({ track, ...uncounted }, atMs, cameras.of(camera).frameMs)
  return teller.log([...restored, ...sightings.seen({ person: tracklet.assignedAs ?? person.id, camera, part }, atMs)])
}
