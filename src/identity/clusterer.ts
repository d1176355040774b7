import type { CameraId, Decision } from '../types.ts'
import { type Appearance, countBeside, forget, knownOf } from './appearances.ts'
import { type Answer, decide, mostSimilar, type Question } from './decide.ts'
import { clearly, type Membership } from './membership.ts'
import type { IdentityOptions } from './options.ts'
import type { People, PersonRecord } from './people.ts'
import type { Together } from './together.ts'
import type { Waiting } from './waiting.ts'

export interface Clusterer {
  /**
   * Decides who the tracks of one frame are. `visible` in an order that does not depend on the detector's; `fresh` are
   * those whose template has just grown. Afterwards no two visible tracks have the same person.
   */
  frame(visible: readonly Appearance[], fresh: ReadonlySet<Appearance>, atMs: number): void
  /** The track is over: without a person it waits for one, else it may still change for a while. */
  end(appearance: Appearance): void
  /**
   * Settles what ended too long ago on this camera. Who has waited for a person in vain gets whoever it is clearly most
   * like, if anybody, and is forgotten. Returns whose tracks were settled.
   */
  expire(camera: CameraId, nowMs: number): PersonRecord[]
  /** Ended tracks that may still change. */
  readonly ended: Set<Appearance>
}

export interface ClustererParts {
  readonly people: People
  readonly together: Together
  readonly membership: Membership
  readonly waiting: Waiting
  readonly options: IdentityOptions
}

/** Known tracks are looked at again at 1, 3, 6, 10, 16, 25, 36 … good faces: seldom enough to be cheap and steady. */
export const isCheckpoint = (faces: number): boolean =>
  faces === 1 || faces === 3 || faces === 6 || faces === 10 || (faces > 10 && Number.isInteger(Math.sqrt(faces)))

export const createClusterer = ({ people, together, membership, waiting, options }: ClustererParts): Clusterer => {
  const ended = new Set<Appearance>()

  /** A track that was away when another got its person, and is back: the less similar one loses it. */
  const releaseDoubles = (visible: readonly Appearance[], atMs: number): Set<Appearance> => {
    const released = new Set<Appearance>()
    const holders = new Map<PersonRecord, Appearance>()
    for (const appearance of visible) {
      if (!appearance.person) continue
      const holder = holders.get(appearance.person)
      const keeps = !holder || (membership.own(appearance) ?? 2) > (membership.own(holder) ?? 2)
      if (keeps) holders.set(appearance.person, appearance)
      const loser = keeps ? holder : appearance
      if (loser) released.add(loser)
    }
    for (const appearance of released) membership.leave(appearance, atMs)
    return released
  }

  const ask = (appearance: Appearance, held: ReadonlySet<PersonRecord>, rows: number): Question | null => {
    const { template, person } = appearance
    if (!template) return null
    const confirmed = waiting.confirms(appearance)
    // A few small faces may be anybody's.
    const isShown = person !== null || confirmed || template.weight >= options.joinWeight
    const never = membership.companions(appearance)
    const known = knownOf(template)
    const rivals = person
      ? []
      : [...held].flatMap((other) =>
          never.has(other) ? [] : [{ person: other, similarity: people.similarity(known, other) }],
        )
    const allowed = (other: PersonRecord): boolean => other !== person && !held.has(other) && !never.has(other)
    return {
      candidates: isShown ? people.nearest(known, rows + 2, allowed) : [],
      own: person && { person, similarity: membership.own(appearance) },
      rival: mostSimilar(rivals),
      goodFaces: template.faces,
      confirmed,
    }
  }

  const joinLate = (
    appearance: Appearance,
    person: PersonRecord,
    why: Pick<Decision, 'similarity' | 'runnerUp' | 'threshold'>,
  ): void => {
    appearance.decision = { person: person.id, ...why, reason: 'joined' }
    membership.join(appearance, person)
    membership.contribute(appearance)
    ended.add(appearance)
  }

  /**
   * No more will be seen of it, so it need not be as similar as one that may show more, but clearly more than to others.
   * A name needs as much as ever.
   */
  const joinClearest = (appearance: Appearance): boolean => {
    const { template } = appearance
    if (!template || template.weight < options.joinWeight) return false
    const never = membership.companions(appearance)
    const [best, next] = people.nearest(knownOf(template), 2, (person) => !never.has(person))
    if (!best) return false
    const threshold = best.person.name === null ? options.create : options.join
    if (best.similarity < threshold) return false
    if (best.similarity - (next?.similarity ?? -1) < clearly * options.margin) return false
    const runnerUp = next ? { person: next.person.id, similarity: next.similarity } : null
    joinLate(appearance, best.person, { similarity: best.similarity, runnerUp, threshold })
    return true
  }

  const claimWaiting = (person: PersonRecord): void => {
    const isCompanion = (one: Appearance): boolean => membership.companions(one).has(person)
    for (const appearance of waiting.claim(person, isCompanion)) {
      const similarity = appearance.template && people.similarity(knownOf(appearance.template), person)
      joinLate(appearance, person, { similarity, runnerUp: null, threshold: options.join })
    }
  }

  const apply = (appearance: Appearance, answer: Answer, atMs: number): void => {
    const { person, runnerUp, ...rest } = answer
    const before = appearance.person
    const isNew = person === 'new'
    const next = isNew ? people.create(appearance.track, appearance.camera, appearance.firstMs) : person
    appearance.decision = {
      person: next?.id ?? null,
      similarity: rest.similarity,
      threshold: rest.threshold,
      reason: rest.reason,
      runnerUp: runnerUp && { person: runnerUp.person.id, similarity: runnerUp.similarity },
    }
    if (before !== next) membership.leave(appearance, atMs)
    if (isNew && next) membership.note({ type: 'created', person: next, by: appearance })
    if (next && before !== next) membership.join(appearance, next)
    membership.contribute(appearance)
    if (next && before !== next) claimWaiting(next)
  }

  return {
    ended,
    frame(visible, fresh, atMs) {
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
      for (const [i, { one }] of asked.entries()) {
        const answer = answers[i] as Answer
        apply(one, answer, atMs)
        // Perhaps the one whom another track has: they are not two people because they are seen together.
        if (answer.person === null && (answer.runnerUp?.similarity ?? -1) >= options.merge) one.doubtful = true
      }
      for (const one of fresh) if (!due.includes(one)) membership.contribute(one)
      // While two tracks swap people, both are wrong: what is seen together then must keep nobody apart for ever.
      const sure = visible.filter((one) => !one.doubtful)
      countBeside(sure)
      for (const [i, { person }] of sure.entries())
        for (const { person: other } of sure.slice(0, i)) if (person && other) together.add(person.id, other.id, 1)
      const present = new Set(visible.flatMap(({ person }) => person ?? []))
      for (const { one } of asked) if (one.person) membership.mergeAlike(one.person, present)
    },
    end(appearance) {
      if (appearance.person) ended.add(appearance)
      else waiting.add(appearance)
    },
    expire(camera, nowMs) {
      for (const one of waiting.expire(camera, nowMs)) if (!joinClearest(one)) forget(one)
      const settled: PersonRecord[] = []
      for (const one of ended) {
        if (one.camera !== camera || nowMs - one.lastMs <= options.windowMs) continue
        ended.delete(one)
        if (one.person) {
          people.settle(one.person, one)
          settled.push(one.person)
        }
        forget(one)
      }
      return settled
    },
  }
}
