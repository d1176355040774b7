import type { PersonId } from '../../types.ts'
import type { Prepare } from './prepared.ts'

/** Statements about committed events: those of people, kept long, and those of sightings, kept until every sink has them. */
export const prepareEvents = (prepare: Prepare) => ({
  ...prepareLog(prepare),
  ...prepareTrims(prepare),
  dropEvents: prepareDrop(prepare),
})

const prepareLog = ({ write, read }: Prepare) => {
  const after = read<[number, number, number]>(
    'SELECT sequence, event FROM events WHERE sequence > ? ' +
      'UNION ALL SELECT sequence, event FROM sighting_events WHERE sequence > ? ORDER BY sequence LIMIT ?',
  )
  const countAfter = read<[number, number]>(
    'SELECT (SELECT count(*) FROM events WHERE sequence > ?) + (SELECT count(*) FROM sighting_events WHERE sequence > ?) AS number',
  )
  const before = read<[number, number]>('SELECT event FROM events WHERE sequence < ? ORDER BY sequence DESC LIMIT ?')
  const eventsOf = read<[PersonId, PersonId, number]>(
    'SELECT event FROM (SELECT sequence, event FROM events WHERE person = ? OR other = ? ORDER BY sequence DESC LIMIT ?) ORDER BY sequence',
  )
  return {
    putEvent: write<[number, PersonId, PersonId | null, string]>(
      'INSERT OR REPLACE INTO events (sequence, person, other, event) VALUES (?, ?, ?, ?)',
    ),
    putSightingEvent: write<[number, PersonId, PersonId | null, string]>(
      'INSERT OR REPLACE INTO sighting_events (sequence, person, other, event) VALUES (?, ?, ?, ?)',
    ),
    /** At most so many; with -1 all. */
    eventsAfter: (sequence: number, most: number) =>
      after(sequence, sequence, most).map(({ event }) => event as string),
    eventsBefore: (sequence: number, most: number) => before(sequence, most).map(({ event }) => event as string),
    countAfter: (sequence: number) => Number(countAfter(sequence, sequence)[0]?.number),
    eventsOf: (id: PersonId, most: number) => eventsOf(id, id, most).map(({ event }) => event as string),
  }
}

const prepareTrims = ({ write, read }: Prepare) => {
  const count = read('SELECT count(*) AS number FROM events')
  return {
    /** Reads the whole index of the table. */
    countEvents: () => Number(count()[0]?.number),
    /** So many of the oldest, of those up to a sequence number. */
    trimEvents: write<[number, number]>(
      'DELETE FROM events WHERE sequence IN (SELECT sequence FROM events WHERE sequence <= ? ORDER BY sequence LIMIT ?)',
    ),
    trimSightingEvents: write<[number]>('DELETE FROM sighting_events WHERE sequence <= ?'),
  }
}

/** Drops those about a person, but for the one that says it was deleted; others do not mention it any more. What its tracks were called before goes too. */
const prepareDrop = ({ write }: Prepare) => {
  const dropOf = write<[PersonId, number]>('DELETE FROM events WHERE person = ? AND sequence <> ?')
  const dropWith = write<[PersonId, number]>('DELETE FROM events WHERE other = ? AND sequence <> ?')
  const dropSightings = write<[PersonId, PersonId]>('DELETE FROM sighting_events WHERE person = ? OR other = ?')
  const dropProvisional = write<[PersonId]>(
    "DELETE FROM sighting_events WHERE person IN (SELECT event ->> '$.data.provisional' FROM events WHERE person = ?)",
  )
  const forgetMatch = (match: 'candidate' | 'runnerUp') =>
    write<[PersonId]>(
      `UPDATE events SET event = json_set(event, '$.data.${match}', NULL) WHERE event ->> '$.data.${match}.person' = ?`,
    )
  const [forgetCandidate, forgetRunnerUp] = [forgetMatch('candidate'), forgetMatch('runnerUp')]
  return (id: PersonId, deletion: number): void => {
    dropProvisional(id)
    dropOf(id, deletion)
    dropWith(id, deletion)
    dropSightings(id, id)
    forgetCandidate(id)
    forgetRunnerUp(id)
  }
}
