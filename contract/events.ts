import type { z } from 'zod'
import * as cameras from './cameras.ts'
import { frame } from './frames.ts'
import * as people from './people.ts'
import * as rules from './rules.ts'
import * as sightings from './sightings.ts'

/** A topic and the schemas of its events. */
export interface TopicSchemas {
  readonly name: 'frames' | 'sightings' | 'people' | 'cameras' | 'rules'
  readonly events: readonly z.ZodType[]
}

/**
 * Every type of event that Rollcall publishes, by topic. The JSON schemas and the tables of docs/events.md are made
 * from it.
 */
export const topicSchemas: readonly TopicSchemas[] = [
  { name: 'frames', events: [frame] },
  {
    name: 'sightings',
    events: [
      sightings.sightingStarted,
      sightings.sightingEnded,
      sightings.sightingCorrected,
      sightings.trackProvisional,
      sightings.trackAssigned,
      sightings.trackReassigned,
    ],
  },
  {
    name: 'people',
    events: [
      people.personCreated,
      people.personNamed,
      people.personMerged,
      people.personSplit,
      people.personUnmerged,
      people.personApart,
      people.personArchived,
      people.personRestored,
      people.personDeleted,
      people.calibrationChanged,
    ],
  },
  {
    name: 'cameras',
    events: [
      cameras.cameraOpening,
      cameras.cameraOnline,
      cameras.cameraOverloaded,
      cameras.cameraFrozen,
      cameras.cameraOffline,
      cameras.cameraEnded,
    ],
  },
  { name: 'rules', events: [rules.ruleFired] },
]
