import type { FrameEvent } from '../../events/types.ts'
import type { CameraId, PersonId } from '../../types.ts'

/** A person in a recording from–to. */
export interface Visit {
  readonly person: PersonId
  readonly camera: CameraId
  /** Seconds of the recording: of the first frame, and of the last. */
  readonly fromS: number
  readonly untilS: number
  /** Frames that show the person. */
  readonly frames: number
}

/** Gathers visits from frames with final IDs, in the order of each recording. A longer gap than `gapS` ends a visit. */
export const createVisits = (gapS: number) => {
  const visits: { person: PersonId; camera: CameraId; fromS: number; untilS: number; frames: number }[] = []
  const last = new Map<string, (typeof visits)[number]>()
  return {
    saw: ({ data: { camera, ptsUs, faces } }: FrameEvent): void => {
      const atS = ptsUs / 1e6
      for (const person of new Set(faces.flatMap((face) => face.person ?? []))) {
        const key = `${camera} ${person}`
        const open = last.get(key)
        if (open && atS - open.untilS <= gapS) {
          open.untilS = atS
          open.frames++
          continue
        }
        const fresh = { person, camera, fromS: atS, untilS: atS, frames: 1 }
        visits.push(fresh)
        last.set(key, fresh)
      }
    },
    /** In the order in which they begin. */
    visits: (): readonly Visit[] => visits,
  }
}

/** `person,camera,from,until,frames`, times in seconds of the recording. */
export const visitsCsv = (visits: readonly Visit[]): string =>
  [
    'person,camera,from,until,frames',
    ...visits.map(({ person, camera, fromS, untilS, frames }) =>
      [person, camera, fromS.toFixed(3), untilS.toFixed(3), frames].join(','),
    ),
    '',
  ].join('\n')
