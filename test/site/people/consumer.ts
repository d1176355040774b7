import { expect } from 'vitest'
import type { RollcallEvent, Sighting } from '../../../src/events/types.ts'
import type { PersonId } from '../../../src/types.ts'

/** A sighting as its newest event says it; of one that goes on nothing is known of its end. */
export type Heard = Pick<Sighting, 'person' | 'camera' | 'ended'> &
  Partial<Pick<Sighting, 'fromMs' | 'untilMs' | 'frames' | 'tracks'>> & { readonly knownAtMs: number }

interface Who {
  readonly name: string | null
  readonly archived: boolean
}

/** What a consumer knows that has nothing but the events, as docs/events.md says how to read them. */
export const createConsumer = () => {
  const people = new Map<PersonId, Who>()
  const aliases = new Map<PersonId, PersonId>()
  const deleted = new Set<PersonId>()
  const sightings = new Map<string, Heard>()
  const tracks = new Map<string, PersonId>()
  const taken = new Map<string, string>()
  const heard: RollcallEvent[] = []
  /** People of a time that a restore has taken back. */
  const abandoned = new Set<PersonId>()
  let last = 0

  const resolve = (id: PersonId): PersonId => {
    let at = id
    for (let steps = 0; aliases.has(at); steps++) {
      expect(steps, `${id} leads in a circle`).toBeLessThan(1000)
      at = aliases.get(at) ?? at
    }
    return at
  }
  const remove = (person: PersonId): void => {
    expect(people.delete(person), `${person} was there before it was deleted`).toBe(true)
    const gone = new Set([person, ...[...aliases.keys()].filter((id) => resolve(id) === person)])
    for (const id of gone) {
      aliases.delete(id)
      deleted.add(id)
    }
    for (const [name, sighting] of sightings) if (gone.has(sighting.person)) sightings.delete(name)
    for (const [track, whose] of tracks) if (gone.has(whose)) tracks.delete(track)
  }
  const put = (id: PersonId, who: Partial<Who>): void => {
    const known = people.get(id)
    expect(known, `${id} is somebody`).toBeDefined()
    if (known) people.set(id, { ...known, ...who })
  }
  const hear = ({ type, data }: RollcallEvent): void => {
    switch (type) {
      case 'rollcall.person.created.v1':
        expect(abandoned, 'an ID is given once').not.toContain(data.person)
        expect(people.has(data.person) || aliases.has(data.person) || deleted.has(data.person)).toBe(false)
        people.set(data.person, { name: data.name, archived: false })
        break
      case 'rollcall.person.named.v1':
        expect(people.get(data.person)?.name, 'the name before').toBe(data.before)
        put(data.person, { name: data.name })
        break
      case 'rollcall.person.archived.v1':
      case 'rollcall.person.restored.v1':
        put(data.person, { archived: type === 'rollcall.person.archived.v1' })
        break
      case 'rollcall.person.merged.v1':
        expect(people.has(data.into), `${data.into} is somebody`).toBe(true)
        expect(people.delete(data.person), `${data.person} was somebody`).toBe(true)
        aliases.set(data.person, data.into)
        break
      case 'rollcall.person.unmerged.v1':
        expect(resolve(data.person), 'the one it was part of').toBe(data.from)
        expect(aliases.delete(data.person)).toBe(true)
        people.set(data.person, { name: data.name, archived: false })
        break
      case 'rollcall.person.split.v1':
        for (const id of [data.person, data.off]) put(id, {})
        break
      case 'rollcall.person.deleted.v1':
        remove(data.person)
        break
      case 'rollcall.sighting.started.v1':
        sightings.set(data.sighting, { ...data, ended: false })
        break
      case 'rollcall.sighting.ended.v1':
        sightings.set(data.sighting, { ...data, ended: true })
        break
      case 'rollcall.sighting.corrected.v1':
        sightings.set(data.sighting, data)
        break
      case 'rollcall.track.assigned.v1':
      case 'rollcall.track.reassigned.v1':
        put(data.person, {})
        tracks.set(data.track, data.person)
        break
    }
  }
  return {
    people,
    deleted,
    sightings,
    tracks,
    resolve,
    /** Every ID that leads to another one, and where it leads. */
    aliases: () => new Map([...aliases.keys()].map((id) => [id, resolve(id)])),
    /** Drops repeats, which must be the same to the byte, and whatever is not newer. */
    take(event: RollcallEvent): void {
      const { sequence } = event.data as { readonly sequence?: number }
      if (sequence === undefined) return
      // A repeat names nobody who was deleted since.
      const others = { candidate: undefined, runnerUp: undefined }
      const [name, text] = [
        `${event.source} ${event.id}`,
        JSON.stringify({ ...event, data: { ...event.data, ...others } }),
      ]
      expect(taken.get(name) ?? text, 'a repeat is the same').toBe(text)
      if (taken.has(name)) return
      taken.set(name, text)
      expect(sequence, `${name} is news`).toBeGreaterThan(last)
      last = sequence
      heard.push(event)
      hear(event)
    },
    last: () => last,
    heard: () => heard.length,
    /** A backup is in place that was taken when so many events had been heard. */
    rewind(count: number): void {
      const later = heard.splice(count)
      for (const { type, subject } of later) if (type === 'rollcall.person.created.v1') abandoned.add(subject)
      for (const known of [people, aliases, deleted, sightings, tracks]) known.clear()
      for (const event of heard) hear(event)
    },
  }
}

/** See `createConsumer`. */
export type Consumer = ReturnType<typeof createConsumer>
