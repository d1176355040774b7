import type { PersonId } from '../../types.ts'
import type { Visit } from './visits.ts'

/** Who is to be seen from–until, in seconds of the recording. */
interface Cue {
  readonly fromS: number
  readonly untilS: number
  readonly people: readonly PersonId[]
}

/** One cue for as long as the same people are to be seen. A visit ends with its last frame, which is shown for `frameS`. */
const cuesOf = (visits: readonly Visit[], frameS: number): readonly Cue[] => {
  const ends = [...new Set(visits.flatMap(({ fromS, untilS }) => [fromS, untilS + frameS]))].sort((a, b) => a - b)
  return ends.slice(0, -1).flatMap((fromS, i) => {
    const untilS = ends[i + 1] ?? fromS
    const present = visits.filter((visit) => visit.fromS <= fromS && visit.untilS + frameS > fromS)
    const people = [...new Set(present.map(({ person }) => person))]
    return people.length === 0 ? [] : [{ fromS, untilS, people }]
  })
}

/** `HH:MM:SS`, the point of the format, and milliseconds. */
const clock = (seconds: number, point: '.' | ','): string => {
  const ms = Math.round(seconds * 1000)
  const part = (value: number, digits: number): string => `${Math.floor(value)}`.padStart(digits, '0')
  return `${part(ms / 3_600_000, 2)}:${part((ms / 60_000) % 60, 2)}:${part((ms / 1000) % 60, 2)}${point}${part(ms % 1000, 3)}`
}

const cueText = ({ fromS, untilS, people }: Cue, point: '.' | ',', nameOf: NameOf): string =>
  `${clock(fromS, point)} --> ${clock(untilS, point)}\n${people.map(nameOf).join('\n')}\n`

type NameOf = (person: PersonId) => string
/** WebVTT has tags and entities. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** WebVTT subtitles (https://www.w3.org/TR/webvtt1/) of one recording: who is to be seen. */
export const vttOf = (visits: readonly Visit[], frameS: number, nameOf: NameOf): string =>
  ['WEBVTT\n', ...cuesOf(visits, frameS).map((cue) => cueText(cue, '.', (person) => escaped(nameOf(person))))].join(
    '\n',
  )

/** The same as SubRip: numbered from 1, with a comma before the milliseconds. */
export const srtOf = (visits: readonly Visit[], frameS: number, nameOf: NameOf): string =>
  cuesOf(visits, frameS)
    .map((cue, i) => `${i + 1}\n${cueText(cue, ',', nameOf)}`)
    .join('\n')
