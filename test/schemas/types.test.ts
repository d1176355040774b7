import { expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import type * as cameras from '../../contract/cameras.ts'
import type * as frames from '../../contract/frames.ts'
import type * as people from '../../contract/people.ts'
import type * as rules from '../../contract/rules.ts'
import type * as sightings from '../../contract/sightings.ts'
import type {
  CalibrationEvent,
  CameraEvent,
  FrameEvent,
  PersonEvent,
  RollcallEvent,
  RuleEvent,
  SightingEvent,
  TrackEvent,
} from '../../src/events/types.ts'

/** Without `readonly` and the kinds of numbers, which schemas do not know, and with intersections written out. */
type Plain<T> = T extends number ? number : T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T
type OfType<Event, Type extends string> = Event extends { readonly type: Type } ? Plain<Event> : never
type Out<Schema extends z.ZodType> = Plain<z.output<Schema>>

/** These fail in the compiler (`npm run types`), not when they run. */
it('the schemas say of each event what src/events/types.ts says', () => {
  expectTypeOf<Out<typeof frames.frame>>().toEqualTypeOf<Plain<FrameEvent>>()

  type Started = typeof sightings.sightingStarted
  expectTypeOf<Out<Started>>().toEqualTypeOf<OfType<SightingEvent, 'rollcall.sighting.started.v1'>>()
  type Ended = typeof sightings.sightingEnded
  expectTypeOf<Out<Ended>>().toEqualTypeOf<OfType<SightingEvent, 'rollcall.sighting.ended.v1'>>()
  type Assigned = typeof sightings.trackAssigned
  expectTypeOf<Out<Assigned>>().toEqualTypeOf<OfType<TrackEvent, 'rollcall.track.assigned.v1'>>()
  type Reassigned = typeof sightings.trackReassigned
  expectTypeOf<Out<Reassigned>>().toEqualTypeOf<OfType<TrackEvent, 'rollcall.track.reassigned.v1'>>()

  type Created = typeof people.personCreated
  expectTypeOf<Out<Created>>().toEqualTypeOf<OfType<PersonEvent, 'rollcall.person.created.v1'>>()
  type Named = typeof people.personNamed
  expectTypeOf<Out<Named>>().toEqualTypeOf<OfType<PersonEvent, 'rollcall.person.named.v1'>>()
  type Merged = typeof people.personMerged
  expectTypeOf<Out<Merged>>().toEqualTypeOf<OfType<PersonEvent, 'rollcall.person.merged.v1'>>()
  type Split = typeof people.personSplit
  expectTypeOf<Out<Split>>().toEqualTypeOf<OfType<PersonEvent, 'rollcall.person.split.v1'>>()
  type Unmerged = typeof people.personUnmerged
  expectTypeOf<Out<Unmerged>>().toEqualTypeOf<OfType<PersonEvent, 'rollcall.person.unmerged.v1'>>()
  type Apart = typeof people.personApart
  expectTypeOf<Out<Apart>>().toEqualTypeOf<OfType<PersonEvent, 'rollcall.person.apart.v1'>>()
  type Archived = typeof people.personArchived
  expectTypeOf<Out<Archived>>().toEqualTypeOf<OfType<PersonEvent, 'rollcall.person.archived.v1'>>()
  type Restored = typeof people.personRestored
  expectTypeOf<Out<Restored>>().toEqualTypeOf<OfType<PersonEvent, 'rollcall.person.restored.v1'>>()
  type Deleted = typeof people.personDeleted
  expectTypeOf<Out<Deleted>>().toEqualTypeOf<OfType<PersonEvent, 'rollcall.person.deleted.v1'>>()
  expectTypeOf<Out<typeof people.calibrationChanged>>().toEqualTypeOf<Plain<CalibrationEvent>>()
  expectTypeOf<Out<typeof rules.ruleFired>>().toEqualTypeOf<Plain<RuleEvent>>()
})

type CameraSchemas = (typeof cameras)[keyof typeof cameras]
type AllSchemas = CameraSchemas | (typeof people)[keyof typeof people] | (typeof sightings)[keyof typeof sightings]

it('a state of a camera has its own schema, which is stricter than the type', () => {
  type State = Out<CameraSchemas>['data']['state']
  expectTypeOf<Omit<Out<CameraSchemas>['data'], 'state'> & { state: State }>().toExtend<Plain<CameraEvent['data']>>()
  expectTypeOf<keyof Out<CameraSchemas>['data']>().toEqualTypeOf<keyof CameraEvent['data']>()
  expectTypeOf<State>().toEqualTypeOf<CameraEvent['data']['state']>()
  expectTypeOf<Out<CameraSchemas>['type']>().toEqualTypeOf<CameraEvent['type']>()
})

it('every type of event has one', () => {
  type Described = Out<AllSchemas>['type'] | FrameEvent['type'] | RuleEvent['type']
  expectTypeOf<Described>().toEqualTypeOf<RollcallEvent['type']>()
})
