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

const clock = (seconds: number): string => {
  const ms = Math.round(seconds * 1000)
  const part = (value: number, digits: number): string => `${Math.floor(value)}`.padStart(digits, '0')
  return `${part(ms / 3_600_000, 2)}:${part((ms / 60_000) % 60, 2)}:${part((ms / 1000) % 60, 2)}.${part(ms % 1000, 3)}`
}

/** WebVTT subtitles of one recording: who is to be seen, a cue for as long as the same people are. */
export const visitsVtt = (visits: readonly Visit[], frameS: number): string => {
  const ends = [...new Set(visits.flatMap(({ fromS, untilS }) => [fromS, untilS + frameS]))].sort((a, b) => a - b)
  const cues = ends.slice(0, -1).flatMap((from, i) => {
    const until = ends[i + 1] ?? from
    const present = visits.filter(({ fromS, untilS }) => fromS <= from && untilS + frameS > from)
    const people = [...new Set(present.map(({ person }) => person))]
    return people.length === 0 ? [] : [`${clock(from)} --> ${clock(until)}\n${people.join('\n')}\n`]
  })
  return ['WEBVTT\n', ...cues].join('\n')
}
