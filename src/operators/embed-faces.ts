import { concatMap, type OperatorFunction } from 'rxjs'
import type { Tracker } from '../tracking/tracker.ts'
import type { Box, CameraId, Face, Landmarks, Quality, Yuv } from '../types.ts'
import {
  type CloserFace,
  type CloserFrame,
  type EmbeddedFace,
  type EmbeddedFrame,
  type StageTimer,
  untimed,
} from './analysed.ts'

/** What the embedder returns for a face: a vector of unit length, and how far it can be trusted. */
type Look = Required<Pick<Face, 'embedding' | 'quality'>>

/** The part of `Embedder` that the operator uses. */
export interface FaceEmbedder {
  /** Returns one result for each face, in the order of the faces. Rejects with MODEL_RUN. */
  embed(
    faces: readonly { full: Yuv; landmarks: Landmarks; box: Box; score: number }[],
  ): Promise<readonly { embedding: Float32Array; quality: Quality }[]>
}

/**
 * Embeds the faces that `trackFaces` marked and those that `lookCloser` found, all of a batch in one run, and passes the
 * embeddings to the trackers. A tracker splits a track whose embeddings show two people.
 *
 *   source  -[T,U]------|
 *   output  ----[E,F]---|    E = T with embeddings where they were wanted
 *
 * Warning: use it inside `batchMap`, like `detectFaces`.
 */
export const embedFaces = (
  embedder: FaceEmbedder,
  trackers: (camera: CameraId) => Tracker,
  timed: StageTimer = untimed,
): OperatorFunction<readonly CloserFrame[], readonly EmbeddedFrame[]> =>
  concatMap(async (batch) => {
    const looks = await lookAt(batch, embedder, timed)
    return batch.map(({ frame, faces, hasDetail }): EmbeddedFrame => {
      const tracker = trackers(frame.camera)
      const embedded = faces.map((face) => withLook(face, looks.get(face), tracker, hasDetail === true))
      return { frame, faces: embedded, endedTracks: tracker.takeEnded() }
    })
  })

/** The embeddings of the faces that should be embedded, by face. */
const lookAt = async (
  batch: readonly CloserFrame[],
  embedder: FaceEmbedder,
  timed: StageTimer,
): Promise<ReadonlyMap<CloserFace, Look>> => {
  const due = batch.flatMap(({ frame, faces }) =>
    faces
      .filter(({ shouldEmbed, closer }) => shouldEmbed || closer)
      .map((face) => ({ face, look: face.closer ?? { ...face, full: frame.full } })),
  )
  if (due.length === 0) return new Map()
  const found = await timed('embed', () => embedder.embed(due.map(({ look }) => look)))
  return new Map(due.flatMap(({ face }, i) => (found[i] ? [[face, found[i]] as const] : [])))
}

/** Adds the embedding to the face, and the track that the tracker puts it on now. */
const withLook = (tracked: CloserFace, look: Look | undefined, tracker: Tracker, hasDetail: boolean): EmbeddedFace => {
  const { shouldEmbed: _, closer, ...face } = tracked
  if (!look) return face
  const source = hasDetail && ({ source: closer ? 'detail' : 'main' } as const)
  const track = tracker.embedded(face.track, look.embedding, look.quality)
  return { ...face, ...look, ...source, track, ...(closer && { closer }) }
}
