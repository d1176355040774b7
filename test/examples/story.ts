import type { RollcallEvent } from '../../src/events/types.ts'
import { createEvents } from '../../src/identity/events/events.ts'

/**
 * What a site may publish about four people, made by what makes Rollcall's own events: `ada` is merged into `bob`, who is
 * merged into `cy` and named; `cy` is split; `dan` is archived and comes back; `cy` is deleted. Repeats and late events
 * are among them, as at-least-once delivery over several topics brings them.
 */
export const story = (): RollcallEvent[] => {
  const events = createEvents('site')
  const at = (minute: number): number => 1_772_443_800_000 + minute * 60_000
  const [ada, bob, cy, dan] = ['p-ada', 'p-bob', 'p-cy', 'p-dan'].map((id) => ({ id, name: null })) as [
    Who,
    Who,
    Who,
    Who,
  ]
  const seen = (person: string, camera: string, minute: number) => {
    const track = `${camera}/s/${minute}`
    const times = { fromMs: at(minute), untilMs: at(minute) + 5000 }
    const sighting = { sighting: `${track}/1`, person, camera, ...times, frames: 100, tracks: [track], ended: true }
    return [
      events.sightingStarted(sighting, times.fromMs + 400),
      events.sightingEnded(sighting, times.untilMs + 5000),
    ] as const
  }
  const first = (track: string, atMs: number) => ({ camera: 'door', track, atMs, candidate: null, threshold: 0.55 })
  const created = [ada, bob, cy, dan].map((who, i) => events.created(who, first(`door/s/${i}`, at(i)), at(i)))
  const early = seen('p-ada', 'door', 1)
  const later = seen('p-bob', 'hall', 5)
  const late = seen('p-ada', 'yard', 7)
  const why = { similarity: 0.61, score: 0.66, threshold: 0.62 }
  const adaIsBob = events.merged(ada, 'p-bob', 'engine', why, at(4))
  const bobIsCy = events.merged(bob, 'p-cy', 'user', null, at(6))
  const named = events.named({ id: 'p-cy', name: 'Cy' }, null, at(8))
  const archived = events.archived(dan, at(3), at(90))
  const restored = events.restored(dan, at(91))
  const split = events.split(
    { id: 'p-cy', name: 'Cy' },
    'p-eve',
    'engine',
    { similarity: 0.27, score: 0.31, threshold: 0.66 },
    at(92),
  )
  const eve = events.created({ id: 'p-eve', name: null }, null, at(92))
  const deleted = events.deleted('p-cy', 'user', at(95))
  return [
    // A sighting may come before the person does.
    ...early,
    ...created,
    adaIsBob,
    ...later,
    // A repeat of what was said of somebody who is an alias now.
    created[0] as RollcallEvent,
    adaIsBob,
    bobIsCy,
    // Said of an alias of an alias.
    ...late,
    named,
    archived,
    restored,
    archived,
    eve,
    split,
    deleted,
    // Too late: nothing may bring a deleted person back.
    ...seen('p-bob', 'hall', 94),
    named,
  ]
}

interface Who {
  readonly id: string
  readonly name: null
}
