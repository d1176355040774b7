import { concatMap, type OperatorFunction } from 'rxjs'
import type { Tracker } from '../tracking/tracker.ts'
import type { Box, CameraId, Face, Landmarks, Quality, TrackId, Yuv } from '../types.ts'
import { type Embedded, type StageTimer, type Tracked, untimed } from './analysed.ts'

export interface FaceEmbedder {
  embed(
    faces: readonly { full: Yuv; landmarks: Landmarks; box: Box; score: number }[],
  ): Promise<readonly { embedding: Float32Array; quality: Quality }[]>
}

/**
 * Embeds the faces whose track asks for it, all of a batch in one run, and tells the trackers, which split a track that
 * turns out to be two people.
 *
 *   source  -[T,U]------|
 *   output  ----[E,F]---|    E = T with embeddings where they were wanted
 *
 * Belongs inside `batchMap`, like `detectFaces`.
 */
export const embedFaces = (
  embedder: FaceEmbedder,
  trackers: (camera: CameraId) => Tracker,
  timed: StageTimer = untimed,
): OperatorFunction<readonly Tracked[], readonly Embedded[]> =>
  concatMap(async (batch) => {
    const wanted = batch.flatMap(({ frame, detections, wanted }) =>
      detections.filter((_, i) => wanted[i]).map((detection) => ({ full: frame.full, ...detection })),
    )
    const embedded = wanted.length === 0 ? [] : await timed('embed', () => embedder.embed(wanted))
    let next = 0
    return batch.map(({ frame, detections, tracks, wanted, ended }): Embedded => {
      const split: TrackId[] = []
      const faces = detections.map((detection, i): Face => {
        const track = tracks[i] as TrackId
        const result = wanted[i] ? embedded[next++] : undefined
        if (result === undefined) return { ...detection, track }
        const now = trackers(frame.camera).embedded(track, result.embedding, result.quality)
        if (now !== track) split.push(track)
        return { ...detection, track: now, ...result }
      })
      return { frame, faces, ended: [...ended, ...split] }
    })
  })
