import { setImmediate } from 'node:timers/promises'
import type { PersonId, TrackId } from '../../types.ts'
import { createIdentity } from '../identity.ts'
import type { IdentityOptions } from '../options.ts'
import type { Scale } from '../people/evidence.ts'
import type { PastTrack, SavedState, SettledTrack } from '../state/state.ts'
import { agreement, changesBetween, createOutcome, type Outcome, type TracksChanged, type Whose } from './changes.ts'
import { pastStream } from './past-stream.ts'
import { stateBefore } from './people-before.ts'

/** What is replayed, and with what. */
export interface WhatIfParts {
  readonly saved: SavedState
  /** Of people: those that are replayed, and those from before. */
  readonly settled: readonly SettledTrack[]
  readonly earlier: readonly SettledTrack[]
  /** Tracks without a person that are replayed. */
  readonly unassigned: readonly PastTrack[]
  readonly resolve: (id: PersonId) => PersonId
  readonly scale: Scale
  /** The settings as they are, and the others. */
  readonly options: IdentityOptions
  readonly other: IdentityOptions
}

/** What would be otherwise. */
export interface WhatIf {
  /** Tracks that were replayed. */
  readonly tracks: number
  /** People who got a track in the replay: with the settings of today, and with the others. */
  readonly people: { readonly today: number; readonly other: number }
  /** The share of tracks that the replay with the settings as they are gives to the person who has them in fact, 0–1. */
  readonly agreement: number
  /** The most tracks first. */
  readonly changes: readonly TracksChanged[]
}

/** Messages after which other work gets its turn: some milliseconds. */
const messagesAtOnce = 50

/** Replays tracks on people as they were before. Changes nothing outside. */
const replay = async (
  saved: SavedState,
  tracks: readonly PastTrack[],
  options: IdentityOptions,
  scale: Scale,
): Promise<Outcome> => {
  const engine = createIdentity({ ...options, unassignedDays: null }, { saved, scale })
  const heard = createOutcome(tracks.map(({ track }) => track))
  for (const [i, message] of pastStream(tracks).entries()) {
    heard.hear(engine.update(message))
    if (i % messagesAtOnce === 0) await setImmediate()
  }
  heard.hear(engine.finish())
  return heard.outcome((id) => engine.resolve(id))
}

const peopleIn = ({ whose }: Outcome): number => new Set([...whose.values()].filter((id) => id !== null)).size

/**
 * Replays past tracks twice, with the settings as they are and with others, each time on the people as they were before, and says
 * whose ID would change. A replay shows the mean of each track, so it is not quite what happened: `agreement` says how near it is.
 */
export const whatIf = async (parts: WhatIfParts): Promise<WhatIf> => {
  const { saved, settled, earlier, unassigned, resolve, scale, options, other } = parts
  const before = stateBefore({ saved, off: settled, stay: earlier, resolve })
  const tracks = [...settled, ...unassigned]
  const today = await replay(before, tracks, options, scale)
  const others = await replay(before, tracks, other, scale)
  const known = new Set(before.people.map(({ id }) => id))
  const nobody = unassigned.map(({ track }): [TrackId, null] => [track, null])
  const actual: Whose = new Map([...nobody, ...settled.map(({ track, person }) => [track, resolve(person)] as const)])
  const changes = changesBetween(today, others, actual, known)
  return {
    tracks: today.whose.size,
    people: { today: peopleIn(today), other: peopleIn(others) },
    agreement: agreement(today.whose, actual, known),
    changes: changes.sort((a, b) => b.tracks.length - a.tracks.length),
  }
}
