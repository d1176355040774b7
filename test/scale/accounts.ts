import type { RollcallEvent } from '../../src/events/types.ts'
import type { SeamRecord } from '../../src/seam/record.ts'
import type { CameraId } from '../../src/types.ts'

/** A record of faces in Kafka. */
interface Sent {
  readonly camera: CameraId
  readonly owner: string
  readonly epoch: number
  readonly capturedAtMs: number
  /** Whether the camera was this owner's: no later one had sent anything before. */
  readonly isOwners: boolean
}

/** Compares what vision processes sent with the frame events that came of it. */
export interface Accounts {
  /** Notes a record of the topic of faces, in the order of offsets; a second time it changes nothing. */
  record(offset: number, record: SeamRecord): void
  /** Notes an event as it was written. */
  event(event: RollcallEvent, text: string): void
  /** Notes the ID of an event that is committed in Kafka, and in which topic at which offset. */
  committed(id: string, where: string): void
  /** Whether this event is committed. */
  readonly isCommitted: (id: string) => boolean
  /** Identity was killed: frame events of the moments before may be missing, as docs/scale.md says. */
  identityDied(fromMs: number, untilMs: number): void
  /** The offset after the last record. */
  readonly end: () => number
  /** Records before `end` whose event has not come and may not be missing. */
  missing(end: number): readonly string[]
  /** What must never be, so far; empty when nothing was. */
  readonly faults: () => readonly string[]
  /** Frame events that may be missing, and are. */
  readonly excused: () => number
  /** The newest epoch of a camera of which an event has come, and when that frame was captured. */
  readonly newest: (camera: CameraId) => { readonly epoch: number; readonly capturedAtMs: number } | null
  /** Who sent last for a camera, by name; null before the first. */
  readonly owner: (camera: CameraId) => string | null
  readonly frames: () => number
}

const keyOf = (camera: CameraId, stream: string, seq: number): string => `${camera} ${stream} ${seq}`

/** Begins with nothing. */
export const createAccounts = (): Accounts => {
  const sent = new Map<string, Sent & { readonly offset: number }>()
  const events = new Map<string, string>()
  const frames = new Set<string>()
  const last = new Map<CameraId, { epoch: number; number: number; owner: string }>()
  const newest = new Map<CameraId, { epoch: number; capturedAtMs: number }>()
  const deaths: { readonly fromMs: number; readonly untilMs: number }[] = []
  const committed = new Map<string, string>()
  const faults: string[] = []
  let next = 0

  /** Which comes first, the record or its event, is a matter of chance. */
  const match = (key: string): void => {
    const from = sent.get(key)
    if (from === undefined || !frames.has(key)) return
    const { camera, capturedAtMs } = from
    if (!from.isOwners) faults.push(`${key}: taken from ${from.owner}, which no longer had the camera`)
    const known = newest.get(camera)
    const isNewer = known !== undefined && from.epoch === known.epoch && capturedAtMs > known.capturedAtMs
    if (known === undefined || from.epoch > known.epoch || isNewer)
      newest.set(camera, { epoch: from.epoch, capturedAtMs })
  }
  const isExcused = ({ capturedAtMs }: Sent): boolean =>
    deaths.some(({ fromMs, untilMs }) => capturedAtMs >= fromMs && capturedAtMs <= untilMs)
  const absent = (end: number): [string, Sent][] =>
    [...sent].filter(([key, { offset, isOwners }]) => isOwners && offset < end && !frames.has(key))

  return {
    record: (offset, { camera, owner, epoch, number, what }) => {
      if (offset < next) return
      next = offset + 1
      const before = last.get(camera)
      const isOwners = before === undefined || epoch >= before.epoch
      const isSame = before?.epoch === epoch
      if (isOwners && (isSame ? number > before.number + 1 : number > 1))
        faults.push(`${camera}: ${owner} sent number ${number} after ${isSame ? before.number : 'nothing'}`)
      if (isSame && before.owner !== owner)
        faults.push(`${camera}: ${before.owner} and ${owner} have one epoch, ${epoch}`)
      // A repeat is older than what is known.
      if (isOwners && !(isSame && number <= before.number)) last.set(camera, { epoch, number, owner })
      if (what.type !== 'faces') return
      const { stream, seq, capturedAtMs } = what.faces
      const key = keyOf(camera, stream, seq)
      if (sent.has(key)) return
      sent.set(key, { camera, owner, epoch, capturedAtMs, isOwners, offset })
      match(key)
    },
    event: (event, text) => {
      const known = events.get(event.id)
      if (known !== undefined && known !== text) faults.push(`event ${event.id} came twice: ${known} and ${text}`)
      events.set(event.id, text)
      if (known !== undefined || event.type !== 'rollcall.frame.v1') return
      const { camera, stream, seq } = event.data
      const key = keyOf(camera, stream, seq)
      frames.add(key)
      match(key)
    },
    committed: (id, where) => {
      const before = committed.get(id)
      if (before !== undefined) faults.push(`event ${id} is committed in Kafka twice: ${before}, ${where}`)
      committed.set(id, where)
    },
    isCommitted: (id) => committed.has(id),
    identityDied: (fromMs, untilMs) => void deaths.push({ fromMs, untilMs }),
    end: () => next,
    missing: (end) =>
      absent(end).flatMap(([key, record]) =>
        isExcused(record) ? [] : [`${key} of ${record.owner} (offset ${sent.get(key)?.offset})`],
      ),
    faults: () => faults,
    excused: () => absent(next).filter(([, record]) => isExcused(record)).length,
    newest: (camera) => newest.get(camera) ?? null,
    owner: (camera) => last.get(camera)?.owner ?? null,
    frames: () => frames.size,
  }
}
