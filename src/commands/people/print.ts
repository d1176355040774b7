import type { RollcallEvent } from '../../events/types.ts'
import type { CalibrationAnswer, ListedAction, Review, SideBySide } from '../../server/people-answers.ts'
import { countOf, printable } from '../../text.ts'
import type { Person } from '../../types.ts'
import { localTime, offsetAt } from '../local-time.ts'
import type { Attendance, Day } from './attendance.ts'
import type { ShownPerson } from './client.ts'

/** Aligns columns: text to the left, numbers to the right. */
export const table = (rows: readonly (readonly (string | number)[])[]): string[] => {
  const texts = rows.map((row) => row.map((cell) => printable(String(cell))))
  const widths = (texts[0] ?? []).map((_, i) => texts.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0))
  const isNumber = (i: number): boolean => typeof rows[1]?.[i] === 'number'
  const pad = (cell: string, i: number): string =>
    isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)
  return texts.map((row) => row.map(pad).join('  ').trimEnd())
}

const lastSeen = ({ lastCamera, lastSeenAtMs }: Person): string =>
  lastCamera === '' ? 'never' : localTime(lastSeenAtMs)

const nameOf = ({ name, archived }: Person): string => `${name ?? '–'}${archived ? ' (archived)' : ''}`

/** A table of people, times in the time zone of this machine. */
export const listText = (people: readonly Person[]): string => {
  if (people.length === 0) return 'nobody'
  const rows = people.map((person) => [
    person.id,
    nameOf(person),
    lastSeen(person),
    person.lastCamera === '' ? '–' : person.lastCamera,
    person.tracks,
    person.faces,
  ])
  return table([['ID', 'NAME', 'LAST SEEN', 'CAMERA', 'TRACKS', 'FACES'], ...rows]).join('\n')
}

const three = (value: number): string => value.toFixed(3)

/** One person in lines. `names` has the names of everybody, by which other people are shown. */
export const showText = (person: ShownPerson, names: ReadonlyMap<string, string | null>): string => {
  const called = (id: string): string => {
    const name = names.get(id) ?? null
    return name === null ? id : `${id} (${name})`
  }
  const looks =
    person.spread === null ? `${person.exemplars}` : `${person.exemplars}, the least alike ${three(person.spread)}`
  const alike = person.alike.map(
    ({ person: id, similarity, score, threshold }) =>
      `${three(similarity)} ${called(id)}, score ${three(score)} of ${three(threshold)}`,
  )
  const lines: [string, string][] = [
    ['id', person.id],
    ['name', nameOf(person)],
    ['aliases', person.aliases.join(', ') || '–'],
    ['created', localTime(person.createdAtMs)],
    ['last seen', person.lastCamera === '' ? 'never' : `${localTime(person.lastSeenAtMs)} on ${person.lastCamera}`],
    ['seen in', `${countOf(person.tracks, 'track')}, ${countOf(person.faces, 'face')}`],
    ['looks', looks],
    ['apart from', person.apart.map(called).join(', ') || '–'],
    ['most alike', alike[0] ?? '–'],
    ...alike.slice(1).map((text): [string, string] => ['', text]),
  ]
  return table(lines).join('\n')
}

const timeOfDay = (atMs: number): string => new Date(atMs).toTimeString().slice(0, 8)

/** A duration: `1 h 02 min 03 s`, `2 min 03 s`, `3.4 s`. */
export const lasting = (ms: number): string => {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const start = hours > 0 ? `${hours} h ${two(minutes)}` : `${minutes}`
  return `${start} min ${two(seconds % 60)} s`
}

/** Where a person was on a day, in the time zone of this machine. */
export const attendanceText = (
  { id, name }: Pick<Person, 'id' | 'name'>,
  day: Day,
  { sightings, totalMs }: Attendance,
): string => {
  // An odd TZ has no name: its offset says as much.
  const zone: string =
    (Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined) ?? offsetAt(new Date(day.fromMs))
  const date = new Date(day.fromMs).toLocaleDateString('sv-SE')
  const who = printable(`${name === null ? id : `${name} (${id})`}, ${date}, ${zone}`)
  if (sightings.length === 0) return `${who}\nnot seen`
  const rows = sightings.map(({ sighting, camera, fromMs, untilMs, ended }) => [
    timeOfDay(fromMs),
    ended ? timeOfDay(untilMs) : 'still there',
    camera,
    lasting(untilMs - fromMs),
    sighting,
  ])
  return [
    who,
    ...table([['FROM', 'UNTIL', 'CAMERA', 'TIME', 'SIGHTING'], ...rows]),
    `${lasting(totalMs)} in ${countOf(sightings.length, 'sighting')}`,
  ].join('\n')
}

/** What an event about people means, in a line; null for an event that the user need not know. */
const told = (event: RollcallEvent): string | null => {
  switch (event.type) {
    case 'rollcall.person.created.v1':
      return `${event.data.person} is new`
    case 'rollcall.person.named.v1':
      return event.data.name === null
        ? `${event.data.person} has no name now`
        : `${event.data.person} is named ${event.data.name}`
    case 'rollcall.person.merged.v1':
      return `${event.data.person} is ${event.data.into} from now on; the old ID stays valid, and unmerge gives it back`
    case 'rollcall.person.split.v1':
      return `${event.data.off} was taken out of ${event.data.person}`
    case 'rollcall.person.unmerged.v1':
      return `${event.data.person} is somebody of its own again, not ${event.data.from}`
    case 'rollcall.person.apart.v1':
      return event.data.apart
        ? `${event.data.person} and ${event.data.other} are never merged from now on`
        : `${event.data.person} and ${event.data.other} may be merged again`
    case 'rollcall.person.deleted.v1':
      return `${event.data.person} is deleted with every trace; the ID is never given again`
    default:
      return null
  }
}

/** One line for each event that the user should know of; `otherwise` when there is none. */
export const eventsText = (events: readonly RollcallEvent[], otherwise: string): string =>
  events
    .flatMap((event) => told(event) ?? [])
    .map(printable)
    .join('\n') || otherwise

/** What people did, the newest first, times in the time zone of this machine. */
export const actionsText = (actions: readonly ListedAction[]): string => {
  if (actions.length === 0) return 'nobody has changed anything'
  const state = ({ undone, undoable }: ListedAction): string =>
    undone ? `undone by ${undone.by}` : undoable ? '' : 'cannot be undone'
  const rows = actions.map((action) => [
    String(action.id),
    localTime(action.atMs),
    action.by,
    action.text,
    state(action),
  ])
  return table([['ID', 'TIME', 'BY', 'WHAT', ''], ...rows]).join('\n')
}

/** The questions of the review, what settles most first. */
export const reviewText = ({ questions, open, looked }: Review): string => {
  const lines = questions.flatMap(({ id, text, why, answers, people }) => [
    id,
    `  ${text} ${people.map((one) => (one.name === null ? one.id : `${one.id} (${one.name})`)).join(', ')}`,
    `  ${why}`,
    `  answers: ${answers.join(', ')}`,
  ])
  const more = looked.people < looked.of ? `; looked at ${looked.people} of ${looked.of} people so far` : ''
  return [...lines.map(printable), `${open} to ask${more}`].join('\n')
}

/** The curves of a site, and a warning where they contradict the calibration. */
export const calibrationText = ({ expected, measured, correction, learns }: CalibrationAnswer): string => {
  const signed = `${correction < 0 ? '−' : '+'}${three(Math.abs(correction))}`
  const lines = [
    expected === null
      ? 'the embedder has no calibration: nothing is learned'
      : `two people, where the embedder was calibrated: median cosine ${three(expected)}`,
    measured === null
      ? 'here nobody was seen with anybody'
      : `two people who were seen together here: ${three(measured.median)} ± ${three(measured.error)}, standard deviation ${three(measured.spread)} (${measured.people} people, ${measured.pairs} pairs)`,
    `scores are moved by ${signed}${learns ? '' : '; nothing more is learned'}`,
  ]
  const off = expected === null || measured === null ? 0 : Math.abs(measured.median - expected) / measured.error
  if (off > 3 && !learns)
    lines.push('the people here contradict the calibration: set identity.learns, or calibrate with photos like these')
  return lines.join('\n')
}

/** Two people compared: how alike they are, and what a merge would do. */
export const compareText = ({ a, b, similarity, score, threshold, together, against, merge }: SideBySide): string => {
  const sideText = ({ id, name, visits, tracks }: SideBySide['a']): string =>
    `${id}${name === null ? '' : ` (${name})`}: ${visits} sightings, ${tracks} tracks`
  const alike =
    similarity === null || score === null
      ? 'one of them has no look to compare'
      : `similarity ${three(similarity)}, score ${three(score)} of ${three(threshold)}`
  const seen =
    together === null
      ? 'somebody said that they are two'
      : together === 0
        ? 'never seen together'
        : `seen together in ${together} frames`
  const merging = merge.possible
    ? `a merge keeps ${merge.into}${merge.name === null ? '' : ` (${merge.name})`}, ${merge.from} leads to it${merge.needsForce ? `; it needs --force: ${against ?? ''}` : ''}`
    : 'a merge is not possible while they have different names'
  return [sideText(a), sideText(b), `${alike}; ${seen}`, merging].map(printable).join('\n')
}
