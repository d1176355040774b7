import type { RollcallEvent, Sighting } from '../../../src/events/types.ts'
import type { SightingId } from '../../../src/types.ts'

/** What a consumer knows that takes in events about sightings, and deletions: of each sighting the event with the highest `sequence`. */
export const attendanceFrom = (events: readonly RollcallEvent[]): Map<SightingId, Partial<Sighting>> => {
  const known = new Map<SightingId, { readonly sequence: number; readonly sighting: Partial<Sighting> }>()
  for (const event of events) {
    if (event.type === 'rollcall.person.deleted.v1')
      for (const [id, { sighting }] of known) if (sighting.person === event.data.person) known.delete(id)
    const isStart = event.type === 'rollcall.sighting.started.v1'
    if (!isStart && event.type !== 'rollcall.sighting.ended.v1' && event.type !== 'rollcall.sighting.corrected.v1')
      continue
    const { sequence } = event.data
    if (sequence <= (known.get(event.data.sighting)?.sequence ?? 0)) continue
    if (isStart) {
      const { sighting, person, camera, fromMs } = event.data
      known.set(sighting, { sequence, sighting: { sighting, person, camera, fromMs, ended: false } })
    } else {
      const { sighting, person, camera, fromMs, untilMs, frames, tracks } = event.data
      const ended = event.type === 'rollcall.sighting.ended.v1' || event.data.ended
      known.set(sighting, { sequence, sighting: { sighting, person, camera, fromMs, untilMs, frames, tracks, ended } })
    }
  }
  return new Map([...known].map(([id, { sighting }]) => [id, sighting]))
}
