import type { CameraId } from '../types.ts'
import { type Appearance, countBeside } from './appearances.ts'
import { type Answer, decide, type Question } from './decide.ts'
import type { IdentityOptions } from './options.ts'
import { contributionOf, type People, type PersonRecord } from './people.ts'
import { agreement } from './template.ts'
import { createTogether } from './together.ts'
import { createWaiting } from './waiting.ts'

export type Change =
  | { readonly type: 'created'; readonly person: PersonRecord; readonly by: Appearance }
  | { readonly type: 'merged'; readonly from: PersonRecord; readonly into: PersonRecord; readonly similarity: number }

export interface Clusterer {
  /**
   * Decides who the tracks of one frame are. `visible` in an order that does not depend on the detector's; `fresh` are
   * those whose template has just grown. Afterwards no two visible tracks have the same person.
   */
  frame(visible: readonly Appearance[], fresh: ReadonlySet<Appearance>, atMs: number): Change[]
  /** The track is over; without a person it waits for one. */
  end(appearance: Appearance): void
  /** Forgets what has waited too long on this camera. */
  expire(camera: CameraId, nowMs: number): void
}

/** Known tracks are looked at again at 1, 3, 6, 10, 16, 25, 36 … good faces: seldom enough to be cheap and steady. */
export const isCheckpoint = (faces: number): boolean =>
  faces === 1 || faces === 3 || faces === 6 || faces === 10 || (faces > 10 && Number.isInteger(Math.sqrt(faces)))

export const createClusterer = (people: People, options: IdentityOptions): Clusterer => {
  const together = createTogether()
  const waiting = createWaiting(people, options)
  const live = new Set<Appearance>()

  /** People that the track's companions are or have been: it cannot be one of them. */
  const companions = (appearance: Appearance): Set<PersonRecord> => {
    const found = new Set<PersonRecord>()
    for (const [other, frames] of appearance.beside) {
      const person = other.person && frames >= options.maxTogether ? people.find(other.person.id) : null
      if (person) found.add(person)
    }
    return found
  }
  const leave = (appearance: Appearance, atMs: number): void => {
    if (!appearance.person) return
    people.contribute(appearance.person, appearance.contribution, null)
    appearance.person.tracks--
    appearance.person = null
    appearance.contribution = null
    // The frame at hand is not its old person's any more.
    appearance.uncounted = { fromMs: atMs, frames: 1 }
  }
  const join = (appearance: Appearance, person: PersonRecord): void => {
    appearance.person = person
    person.tracks++
    for (const [other, frames] of appearance.beside) {
      const companion = other.person && people.find(other.person.id)
      if (companion) together.add(person, companion, frames)
    }
  }
  const contribute = (appearance: Appearance): void => {
    if (!appearance.person || !appearance.template) return
    const next = contributionOf(appearance.template, options.trackWeight)
    people.contribute(appearance.person, appearance.contribution, next)
    appearance.contribution = next
  }
  /** Similarity to what others have added to its person; null when they have added nothing. */
  const ownSimilarity = ({ template, person, contribution }: Appearance): number | null => {
    const rest = person && people.without(person, contribution)
    return rest && template ? agreement(template, rest) : null
  }

  /** A track that was away when another got its person, and is back: the less similar one loses it. */
  const releaseDoubles = (visible: readonly Appearance[], atMs: number): Set<Appearance> => {
    const released = new Set<Appearance>()
    const holders = new Map<PersonRecord, Appearance>()
    for (const appearance of visible) {
      if (!appearance.person) continue
      const holder = holders.get(appearance.person)
      const keeps = !holder || (ownSimilarity(appearance) ?? 2) > (ownSimilarity(holder) ?? 2)
      if (keeps) holders.set(appearance.person, appearance)
      const loser = keeps ? holder : appearance
      if (loser) released.add(loser)
    }
    for (const appearance of released) leave(appearance, atMs)
    return released
  }

  const ask = (appearance: Appearance, held: ReadonlySet<PersonRecord>, rows: number): Question | null => {
    const { template, person } = appearance
    if (!template) return null
    const never = companions(appearance)
    const allowed = (other: PersonRecord): boolean => other !== person && !held.has(other) && !never.has(other)
    return {
      candidates: people.nearest(template.mean, rows + 2, allowed),
      own: person && { person, similarity: ownSimilarity(appearance) },
      goodFaces: template.faces,
      confirmed: waiting.confirms(appearance),
    }
  }

  const apply = (appearance: Appearance, answer: Answer, atMs: number): Change | null => {
    const { person, runnerUp, ...rest } = answer
    const before = appearance.person
    const next = person === 'new' ? people.create(appearance.track, appearance.camera, appearance.firstMs) : person
    if (before !== next) leave(appearance, atMs)
    if (next && before !== next) join(appearance, next)
    contribute(appearance)
    if (next && before !== next) waiting.absorb(next)
    appearance.decision = {
      person: next?.id ?? null,
      similarity: rest.similarity,
      threshold: rest.threshold,
      reason: rest.reason,
      runnerUp: runnerUp && { person: runnerUp.person.id, similarity: runnerUp.similarity },
    }
    return person === 'new' && next ? { type: 'created', person: next, by: appearance } : null
  }

  /** Merges the person with whoever it turned out to be: never somebody it has been seen with. */
  const mergeAlike = (person: PersonRecord, present: ReadonlySet<PersonRecord>): Change | null => {
    const apart = (other: PersonRecord): boolean =>
      other !== person &&
      !(present.has(other) && present.has(person)) &&
      together.frames(person, other) < options.maxTogether
    const [match] = people.nearest(person.mean, 1, apart)
    if (!match || match.similarity < options.merge) return null
    const [into, from] = match.person.order < person.order ? [match.person, person] : [person, match.person]
    people.merge(from, into)
    together.merge(from, into)
    for (const appearance of live) if (appearance.person === from) appearance.person = into
    return { type: 'merged', from, into, similarity: match.similarity }
  }

  return {
    frame(visible, fresh, atMs) {
      for (const appearance of visible) live.add(appearance)
      const released = releaseDoubles(visible, atMs)
      const due = visible.filter(
        (one) => released.has(one) || (fresh.has(one) && (!one.person || isCheckpoint(one.template?.faces ?? 0))),
      )
      const held = new Set(visible.flatMap((one) => (one.person && !due.includes(one) ? [one.person] : [])))
      const asked = due.flatMap((one) => {
        const question = ask(one, held, due.length)
        return question ? [{ one, question }] : []
      })
      const answers = decide(
        asked.map(({ question }) => question),
        options,
      )
      const changes: (Change | null)[] = asked.map(({ one }, i) => apply(one, answers[i] as Answer, atMs))
      for (const one of fresh) if (!due.includes(one)) contribute(one)
      countBeside(visible)
      const present = new Set<PersonRecord>()
      for (const { person } of visible) {
        if (!person) continue
        for (const other of present) together.add(person, other, 1)
        present.add(person)
      }
      for (const { one } of asked) if (one.person) changes.push(mergeAlike(one.person, present))
      return changes.filter((change) => change !== null)
    },
    end(appearance) {
      live.delete(appearance)
      // Only live tracks ask whom they were seen with; kept, each would hold its predecessors in memory for ever.
      appearance.beside.clear()
      if (!appearance.person) waiting.add(appearance)
    },
    expire: (camera, nowMs) => waiting.expire(camera, nowMs),
  }
}
