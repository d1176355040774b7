import type { Sighting } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { PeopleClient } from './client.ts'

/** A day in the time zone of this machine. */
export interface Day {
  readonly fromMs: number
  readonly untilMs: number
}

/** Where one person was on a day, and for how long. */
export interface Attendance {
  /** In the order of time. */
  readonly sightings: readonly Sighting[]
  /** How long cameras saw the person within the day; what two cameras saw at once counts once. */
  readonly totalMs: number
}

/** The day of a moment, from midnight to midnight: 23 to 25 hours. */
export const dayOf = (atMs: number): Day => {
  const date = new Date(atMs)
  const midnight = (days: number) => new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime()
  return { fromMs: midnight(0), untilMs: midnight(1) }
}

/** How many milliseconds of the day the sightings cover; overlaps count once. */
export const coveredMs = (sightings: readonly Sighting[], { fromMs, untilMs }: Day): number => {
  let [total, upTo] = [0, fromMs]
  for (const one of sightings.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const from = Math.max(one.fromMs, upTo)
    const until = Math.min(one.untilMs, untilMs)
    if (until <= from) continue
    total += until - from
    upTo = until
  }
  return total
}

/** Reads all sightings of the person on that day, page by page. */
export const attendanceOn = async (client: PeopleClient, person: PersonId, day: Day): Promise<Attendance> => {
  const sightings: Sighting[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.sightings({ person, ...day, limit: 1000, cursor })
    sightings.push(...page.sightings)
    cursor = page.next
  }
  sightings.sort((a, b) => a.fromMs - b.fromMs || a.untilMs - b.untilMs)
  return { sightings, totalMs: coveredMs(sightings, day) }
}
