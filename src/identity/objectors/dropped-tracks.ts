import { type Template, weightOf, withFace } from '../../math/template.ts'
import type { CameraId, Face, Faces, TrackId } from '../../types.ts'
import { isCheckpoint } from '../clustering/clusterer.ts'
import { isSound } from '../observe.ts'
import type { IdentityOptions } from '../options.ts'
import { knownOf, type Tracklet } from '../tracklets/tracklet.ts'
import type { Objectors } from './objectors.ts'

/** The live tracks of objectors. They are in memory only: nothing of them is ever saved. */
export interface DroppedTracks {
  /** The track of this tracklet is an objector's from now on. Call it before the tracklet is forgotten. */
  add(tracklet: Tracklet): void
  has(camera: CameraId, track: TrackId): boolean
  /** A track that has ended was an objector's, as only its end has shown. */
  addOver(track: TrackId): void
  /** The same as `has`, also of a track that has ended: a picture of it may come late. */
  had(camera: CameraId, track: TrackId): boolean
  /**
   * The faces of a message that are not on dropped tracks. Looks again at dropped tracks that have shown more: one that no
   * longer looks like an objector, below `leave`, is dropped no longer.
   */
  others(message: Faces): readonly Face[]
  /** The camera's tracks for which `isOver` is true have ended. */
  end(camera: CameraId, isOver: (track: TrackId) => boolean): void
  /** Drops none any more: somebody has taken an objection back. */
  clear(): void
}

/** The most of a camera, and of all that are over: a vision process that never says that a track has ended must not fill the memory. */
const mostTracks = 1000

/** Starts with none. */
export const createDroppedTracks = (
  objectors: Pick<Objectors, 'scoreOf'>,
  { leave, minQuality }: Pick<IdentityOptions, 'leave' | 'minQuality'>,
): DroppedTracks => {
  const cameras = new Map<CameraId, Map<TrackId, Template>>()
  const over = new Set<TrackId>()
  const addOver = (track: TrackId): void => {
    over.add(track)
    for (const oldest of over) if (over.size > mostTracks) over.delete(oldest)
  }
  const has = (camera: CameraId, track: TrackId): boolean => cameras.get(camera)?.has(track) ?? false
  const looksAgain = (tracks: Map<TrackId, Template>, face: Face, message: Faces): boolean => {
    const before = tracks.get(face.track)
    if (!before) return false
    const { embedding, quality } = face
    if (!isSound(message, face) || !embedding || !quality || quality.overall < minQuality) return true
    const template = withFace(before, embedding, weightOf(quality.overall))
    const isTheirs = !isCheckpoint(template.faces) || objectors.scoreOf(knownOf(template)) >= leave
    if (isTheirs) tracks.set(face.track, template)
    else tracks.delete(face.track)
    return isTheirs
  }
  return {
    add({ camera, track, template }) {
      const tracks = cameras.get(camera) ?? new Map<TrackId, Template>()
      cameras.set(camera, tracks)
      if (template) tracks.set(track, template)
      for (const oldest of tracks.keys()) if (tracks.size > mostTracks) tracks.delete(oldest)
    },
    has,
    addOver,
    had: (camera, track) => has(camera, track) || over.has(track),
    others(message) {
      const tracks = cameras.get(message.camera)
      return tracks ? message.faces.filter((face) => !looksAgain(tracks, face, message)) : message.faces
    },
    end(camera, isOver) {
      const tracks = cameras.get(camera)
      for (const track of tracks?.keys() ?? [])
        if (isOver(track)) {
          tracks?.delete(track)
          addOver(track)
        }
    },
    clear() {
      cameras.clear()
      over.clear()
    },
  }
}
