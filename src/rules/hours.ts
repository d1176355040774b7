import type { Rule } from './options.ts'

/** A moment as a clock on the wall shows it. */
export interface LocalTime {
  /** 0 is Sunday, as in `Date.getDay`. */
  readonly day: number
  /** Since midnight. */
  readonly minutes: number
}

/** The local time of this machine, as its time zone says. */
export const localTime = (atMs: number): LocalTime => {
  const date = new Date(atMs)
  return { day: date.getDay(), minutes: 60 * date.getHours() + date.getMinutes() }
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const minutesOf = (text: string): number => 60 * Number(text.slice(0, 2)) + Number(text.slice(3, 5))

/**
 * Whether a rule holds at this time: from the first minute of `hours` to before its last one. Hours that end before they
 * begin go over midnight, and belong to the day on which they begin. Equal ends are the whole day.
 */
export const isWithinHours = ({ hours, days: wanted }: Pick<Rule, 'hours' | 'days'>, at: LocalTime): boolean => {
  const [from = 0, until = 0] = (hours ?? '00:00-24:00').split('-').map(minutesOf)
  const isOverMidnight = until <= from
  const isAfter = at.minutes >= from
  if (isOverMidnight ? !isAfter && at.minutes >= until : !isAfter || at.minutes >= until) return false
  const day = isOverMidnight && !isAfter ? (at.day + 6) % 7 : at.day
  return wanted === null || wanted.some((name) => name === days[day])
}
