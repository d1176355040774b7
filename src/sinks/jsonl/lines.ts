import { describeDiskError } from '../../disk.ts'
import { RollcallError } from '../../errors.ts'
import { eventJson } from '../../events/json.ts'
import type { RollcallEvent } from '../../events/types.ts'

const newline = Buffer.from('\n')

/** How every line of ours begins, so that an unfinished one is known. */
export const lineBegins = Buffer.from('{"specversion":')

/** The events as structured CloudEvents JSON, one a line. */
export const linesOf = (events: readonly RollcallEvent[]): Buffer =>
  Buffer.concat(events.flatMap((event) => [eventJson(event).whole, newline]))

/** The SINK error for events that could not be written to `name`. */
export const writeFailed = (name: string, cause: unknown): RollcallError =>
  new RollcallError('SINK', `events to ${name}: ${describeDiskError(cause)}`, {
    cause,
    remedy: 'Make room, or let this user write there; the events wait and are written then.',
  })

/** The SINK error for a sink that was closed before. */
export const alreadyClosed = (name: string): RollcallError =>
  new RollcallError('SINK', `events to ${name}: already closed`)
