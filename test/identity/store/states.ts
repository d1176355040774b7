import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { SavedPerson, SavedSighting, SavedState, StateChange } from '../../../src/identity/state/state.ts'
import { openStore } from '../../../src/identity/store/open.ts'
import type { StoredEmbedder } from '../../../src/identity/store/problems.ts'
import type { PersonId } from '../../../src/types.ts'
import { direction, randomFrom } from '../support/faces.ts'

export const embedder: StoredEmbedder = { name: 'small', sha256: '5'.repeat(64), dimensions: 128 }

export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-state-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export const open = (directory: string) => {
  const store = openStore(directory, { embedder })
  onTestFinished(() => store.close())
  return store
}

export const personAt = (order: number, more: Partial<SavedPerson> = {}, faces = 2): SavedPerson => {
  const random = randomFrom(order + 1)
  return {
    id: `p-${order}`,
    order,
    name: null,
    archived: false,
    createdAtMs: 1000 + order,
    lastSeenAtMs: 2000.5 + order,
    unseenSinceMs: order === 0 ? null : 3000.25 + order,
    lastCamera: 'door',
    tracks: 1,
    faces: 7,
    sources: 3,
    exemplars: Array.from({ length: faces }, (_, i) => ({ sum: direction(random), weight: 0.1 + i / 3 })),
    origins: [],
    ...more,
  }
}

export const changeOf = (more: Partial<StateChange> = {}): StateChange => ({
  sequence: 0,
  created: 0,
  people: [],
  gone: [],
  aliases: [],
  aliasesGone: [],
  apart: [],
  retired: [],
  sightings: [],
  sightingsGone: [],
  settled: [],
  settledGone: [],
  unassigned: [],
  unassignedGone: [],
  objectors: [],
  objectorsGone: [],
  erases: false,
  unassignedFromMs: null,
  sightingsFromMs: null,
  events: [],
  clockMs: null,
  journal: [],
  live: null,
  ...more,
})

export const fresh: SavedState = {
  sequence: 0,
  created: 0,
  people: [],
  aliases: [],
  apart: [],
  retired: [],
  objectors: [],
  clockMs: null,
  sightings: [],
  live: null,
}

const replaced = <Entry>(
  entries: readonly Entry[],
  next: readonly Entry[],
  gone: readonly string[],
  key: (entry: Entry) => string,
): Entry[] => {
  const all = new Map([...entries, ...next].map((entry) => [key(entry), entry]))
  for (const each of gone) all.delete(each)
  return [...all.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** The rows after a change, in the order of their keys. */
export const withLive = (rows: SavedState['live'], change: StateChange['live']): SavedState['live'] => {
  const gone = (change?.gone ?? []).map(({ kind, key }) => `${kind} ${key}`)
  const all = replaced(rows ?? [], change?.put ?? [], gone, ({ kind, key }) => `${kind} ${key}`)
  return all.length === 0 ? null : all
}

/** The sightings that are not over after a change. */
const opened = (
  before: readonly SavedSighting[],
  { sightings, sightingsGone, retired }: StateChange,
): SavedSighting[] => {
  const all = new Map(before.map((one) => [one.number, one]))
  for (const one of sightings) {
    const others = (all.get(one.number)?.tracks ?? []).filter(
      (part) =>
        !sightings.some(({ tracks }) => tracks.some((each) => each.track === part.track && each.seq === part.seq)),
    )
    all.set(one.number, { ...one, tracks: [...others, ...one.tracks] })
  }
  for (const { number } of sightingsGone) all.delete(number)
  return [...all.values()].filter(({ ended, person }) => !ended && !retired.includes(person))
}

/** What a store holds after a change, written down independently of SQL. */
export const applied = (state: SavedState, change: StateChange): SavedState => {
  const pair = ([a, b]: readonly [PersonId, PersonId, number]) => `${a} ${b}`
  const sorted = change.apart.map(([a, b, frames]) => (a < b ? ([a, b, frames] as const) : ([b, a, frames] as const)))
  return {
    sequence: change.sequence,
    created: change.created,
    people: replaced(state.people, change.people, change.gone, ({ id }) => id).sort((a, b) => a.order - b.order),
    aliases: replaced(state.aliases, change.aliases, change.aliasesGone, ([former]) => former),
    apart: replaced(state.apart, sorted, sorted.filter(([, , frames]) => frames === 0).map(pair), pair),
    retired: [...new Set([...state.retired, ...change.retired])].sort(),
    objectors: [...state.objectors, ...change.objectors].filter(({ id }) => !change.objectorsGone.includes(id)),
    clockMs: change.clockMs,
    sightings: opened(state.sightings, change),
    live: withLive(state.live, change.live),
  }
}
