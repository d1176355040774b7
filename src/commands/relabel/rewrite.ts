import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import type { FrameEvent, FrameFace, RollcallEvent } from '../../events/types.ts'
import type { PersonId, TrackId } from '../../types.ts'

/** How the events of a run are written again. */
export interface Rewrite {
  /** Events as JSON lines. */
  readonly from: string
  readonly to: string
  readonly ids: ReadonlyMap<TrackId, PersonId>
  /** What the mean score of clusters had to reach. */
  readonly threshold: number
  readonly onFrame: (event: FrameEvent) => void
}

/** The decision of the end. What was nearest when the frame was live says nothing about it. */
const withFinalId = ({ provisional, ...face }: FrameFace, person: PersonId | null, threshold: number): FrameFace => ({
  ...face,
  ...(person === null && provisional !== undefined && { provisional }),
  person,
  candidate: null,
  runnerUp: null,
  threshold,
  reason: person !== null ? 'joined' : face.reason === 'no-embedding' ? 'no-embedding' : 'tentative',
})

/** Writes the frame events of a run again, every face with the final ID of its track, and gives each to `onFrame`. */
export const rewriteFrames = async ({ from, to, ids, threshold, onFrame }: Rewrite): Promise<void> => {
  const out = createWriteStream(to)
  const failed = finished(out)
  failed.catch(() => undefined)
  for await (const line of createInterface({ input: createReadStream(from), crlfDelay: Infinity })) {
    const event = JSON.parse(line) as RollcallEvent
    if (event.type !== 'rollcall.frame.v1') continue
    const faces = event.data.faces.map((face) => withFinalId(face, ids.get(face.track) ?? null, threshold))
    const frame: FrameEvent = { ...event, data: { ...event.data, faces } }
    onFrame(frame)
    if (!out.write(`${JSON.stringify(frame)}\n`)) await Promise.race([once(out, 'drain'), failed])
  }
  out.end()
  await failed
}
