import type { RollcallEvent } from '../../../src/events/types.ts'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import type { Faces, PersonId } from '../../../src/types.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './faces.ts'

const dayMs = 86_400_000
const startMs = 1_772_443_800_000

/** People whom a camera sees, and what somebody in front of the gallery then does with them. */
export const galleryStory = () => {
  const random = randomFrom(77)
  const looks = { ada: direction(random), bo: direction(random), cy: direction(random), eve: direction(random) }
  const engine = createIdentity(identityOptions.parse({ archiveAfterDays: 10, deleteAfterDays: 40 }), { site: 'site' })
  const events: RollcallEvent[] = []
  let seq = 0
  let tracks = 0
  /** Lets the camera see one face for two seconds, and forget the track; returns the person's ID. */
  const visit = (look: Float32Array, atMs: number): PersonId => {
    const track = `door/s/${tracks++}`
    for (let i = 0; i < 20; i++) {
      const face = faceOf(track, near(look, 0.3, random))
      const over: Partial<Faces> = i === 19 ? { endedTracks: [track] } : {}
      events.push(...engine.update(facesAt(atMs + i * 100, seq++, [face], over)))
    }
    const assigned = events.findLast((event) => event.type === 'rollcall.track.assigned.v1')
    if (assigned?.type !== 'rollcall.track.assigned.v1') throw new Error('nobody was recognised')
    return engine.resolve(assigned.data.person)
  }
  return { engine, events, looks, visit, startMs, dayMs, random }
}
