import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CameraId, PersonId, TrackId } from '../../types.ts'
import { createMot } from './mot.ts'
import { rewriteFrames } from './rewrite.ts'
import { srtOf, vttOf } from './subtitles.ts'
import type { Analysed } from './video/draw-all.ts'
import { createVisits, type Visit, visitsCsv } from './visits.ts'

/** What was decided in the end. */
export interface Final {
  readonly ids: ReadonlyMap<TrackId, PersonId>
  /** Everybody in `ids`. */
  readonly people: readonly PersonId[]
  /** What subtitles call them. */
  readonly nameOf: (person: PersonId) => string
  readonly analysed: ReadonlyMap<CameraId, Analysed>
  readonly threshold: number
  /** A longer absence ends a visit, milliseconds. */
  readonly gapMs: number
}

/** Writes frame events, boxes, visits and subtitles of recordings into `out`, which has `live.jsonl`. Returns the visits. */
export const writeFinal = async (
  out: string,
  { ids, people, nameOf, analysed, threshold, gapMs }: Final,
): Promise<readonly Visit[]> => {
  const gathered = createVisits(gapMs / 1000)
  const mot = createMot(out, [...analysed.keys()], people)
  const [from, to] = [join(out, 'live.jsonl'), join(out, 'frames.jsonl')]
  try {
    await rewriteFrames({
      from,
      to,
      ids,
      threshold,
      onFrame: (event) => {
        gathered.saw(event)
        mot.saw(event)
      },
    })
  } finally {
    mot.close()
  }
  const visits = gathered.visits()
  await writeFile(join(out, 'visits.csv'), visitsCsv(visits))
  for (const [camera, { frameS }] of analysed) {
    const own = visits.filter((visit) => visit.camera === camera)
    await writeFile(join(out, `${camera}.vtt`), vttOf(own, frameS, nameOf))
    await writeFile(join(out, `${camera}.srt`), srtOf(own, frameS, nameOf))
  }
  return visits
}
