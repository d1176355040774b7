import { RollcallError } from '../../errors.ts'
import type { CameraList } from '../../server/camera-answers.ts'
import type { EventsPage } from '../../server/events-route.ts'
import type { SightingsPage } from '../../server/sightings-routes.ts'
import { cleanName } from '../../text.ts'
import type { Person, WallMs } from '../../types.ts'
import { parseSince } from '../since.ts'

/** A running Rollcall, and the time. */
export interface Asked {
  /** Resolves to the JSON of a path below the origin. Rejects with the Rollcall's errors, or with STATE. */
  readonly ask: (path: string) => Promise<unknown>
  readonly nowMs: () => number
}

/** Which sightings are asked for; what is left out means all. */
export interface Wanted {
  readonly person?: string | undefined
  readonly camera?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly limit: number
}

/** RFC 3339: a recording's times count from 1970. */
const at = (ms: number): string => new Date(ms).toISOString()

const momentOf = (text: string, { nowMs }: Asked): number => parseSince(text, nowMs() as WallMs)

const withQuery = (path: string, query: Readonly<Record<string, string | number | undefined>>): string => {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))
  return given.length === 0 ? path : `${path}?${new URLSearchParams(Object.fromEntries(given)).toString()}`
}

const peopleOf = async ({ ask }: Asked): Promise<readonly Person[]> =>
  ((await ask('/api/people')) as { readonly people: readonly Person[] }).people

/** The ID of somebody given by name or ID; an ID that only Rollcall knows, an alias, is passed on. Throws PERSON_UNKNOWN. */
const idOf = (given: string, people: readonly Person[]): string => {
  if (people.some(({ id }) => id === given)) return given
  const name = (cleanName(given) ?? '').toLocaleLowerCase()
  const named = people.filter((person) => person.name?.toLocaleLowerCase() === name)
  if (named.length === 1 && named[0]) return named[0].id
  if (named.length === 0) return given
  throw new RollcallError('PERSON_UNKNOWN', `${named.length} people are called ${JSON.stringify(given)}`, {
    remedy: `Ask for one of the IDs ${named.map(({ id }) => id).join(', ')}.`,
  })
}

const cameraTrouble = async ({ ask }: Asked) => {
  const { cameras } = (await ask('/api/cameras')) as CameraList
  const troubled = cameras.filter(({ state, paused, figures }) => paused || state !== 'online' || figures.lastError)
  return {
    cameras: cameras.length,
    problems: troubled.map(({ camera, state, reason, paused, figures }) => ({
      camera,
      state: paused ? 'paused' : state,
      reason,
      lastError: figures.lastError && { ...figures.lastError, atMs: undefined, at: at(figures.lastError.atMs) },
      lastFrameAt: figures.lastFrameAtMs === null ? null : at(figures.lastFrameAtMs),
    })),
  }
}

const sightings = async (wanted: Wanted, asked: Asked, onlyPresent: boolean) => {
  const people = await peopleOf(asked)
  const names = new Map<string, string | null>(people.map(({ id, name }) => [id, name]))
  const page = (await asked.ask(
    withQuery('/api/sightings', {
      person: wanted.person === undefined ? undefined : idOf(wanted.person, people),
      camera: wanted.camera,
      from: wanted.since === undefined ? undefined : momentOf(wanted.since, asked),
      until: wanted.until === undefined ? undefined : momentOf(wanted.until, asked),
      limit: onlyPresent ? 1000 : wanted.limit,
    }),
  )) as SightingsPage
  const chosen = page.sightings.filter(({ ended }) => !onlyPresent || !ended)
  return {
    sightings: chosen.slice(0, wanted.limit).map(({ sighting, person, camera, fromMs, untilMs, frames, ended }) => ({
      sighting,
      person,
      name: names.get(person) ?? null,
      camera,
      from: at(fromMs),
      until: at(untilMs),
      frames,
      ended,
    })),
    more: chosen.length > wanted.limit || (page.next !== null && !onlyPresent),
  }
}

/** Who is on the cameras now, each with the sighting that says so, and the cameras that see nobody because they have a problem. */
export const whoIsHere = async (wanted: Omit<Wanted, 'since' | 'until'>, asked: Asked) => ({
  at: at(asked.nowMs()),
  ...(await sightings(wanted, asked, true)),
  camerasWithProblems: (await cameraTrouble(asked)).problems,
})

/** Who was where and when. Those that became known last come first. */
export const whoWasWhere = async (wanted: Wanted, asked: Asked) => sightings(wanted, asked, false)

/** The people that are known, those seen last first. */
export const knownPeople = async (
  { name, limit }: { readonly name?: string | undefined; readonly limit: number },
  asked: Asked,
) => {
  const part = (cleanName(name ?? null) ?? '').toLocaleLowerCase()
  const found = (await peopleOf(asked)).filter((person) => (person.name ?? '').toLocaleLowerCase().includes(part))
  return {
    known: found.length,
    people: found
      .toSorted((a, b) => b.lastSeenAtMs - a.lastSeenAtMs)
      .slice(0, limit)
      .map(({ id, name: called, createdAtMs, lastSeenAtMs, lastCamera, tracks }) => ({
        person: id,
        name: called,
        firstSeen: at(createdAtMs),
        lastSeen: at(lastSeenAtMs),
        lastCamera: lastCamera || null,
        tracks,
      })),
  }
}

/** What was decided about a person, in words, with the scores. */
export const whyIsThis = async (person: string, asked: Asked) => {
  const id = idOf(person, await peopleOf(asked))
  return asked.ask(`/api/people/${encodeURIComponent(id)}/decisions`)
}

/** What changed: events about people, sightings, cameras or rules, newest first. */
export const whatChanged = async (
  wanted: Wanted & { readonly topic: 'people' | 'sightings' | 'cameras' | 'rules' },
  asked: Asked,
) => {
  const person = wanted.person === undefined ? undefined : idOf(wanted.person, await peopleOf(asked))
  const sinceMs = wanted.since === undefined ? 0 : momentOf(wanted.since, asked)
  const page = (await asked.ask(
    withQuery('/api/events', { type: wanted.topic, camera: wanted.camera, person, limit: wanted.limit }),
  )) as EventsPage
  const recent = page.events.filter(({ event }) => Date.parse(event.time) >= sinceMs)
  return {
    events: recent.map(({ event: { type, time, subject, data } }) => ({ type, time, subject, data })),
    more: page.next !== null && recent.length === page.events.length,
  }
}

/** Cameras that are not online, paused, or had an error in this run; and why the site is not ready. */
export const cameraProblems = async (asked: Asked) => ({
  readiness: await asked.ask('/api/readiness'),
  ...(await cameraTrouble(asked)),
})
