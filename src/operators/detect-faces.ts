import { concatMap, type OperatorFunction } from 'rxjs'
import type { Detection, Frame, Picture } from '../types.ts'
import { type DetectedFrame, type StageTimer, untimed } from './analysed.ts'

/**
 * Finds the faces of every frame of a batch in one run of the detector.
 *
 *   source  -[a,b]------|
 *   output  ----[A,B]---|    A = a with its faces
 *
 * Warning: use it inside `batchMap`, which lets in one batch at a time. Elsewhere the queue of `concatMap` has no
 * bound.
 */
export const detectFaces = (
  detector: { detect(pictures: readonly Picture[]): Promise<readonly (readonly Detection[])[]> },
  timed: StageTimer = untimed,
): OperatorFunction<readonly Frame[], readonly DetectedFrame[]> =>
  concatMap(async (frames) => {
    const found = await timed('detect', () => detector.detect(frames.map((frame) => frame.picture)))
    return frames.map((frame, i) => ({ frame, faces: found[i] ?? [] }))
  })
