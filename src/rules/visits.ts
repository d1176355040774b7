import type { PersonId } from '../types.ts'
import { isSavedVisit } from './saved-visit.ts'
import type { Visit } from './visit.ts'

/** What a rule knows of a person, as it is kept. */
export interface SavedVisit {
  /** The name of the rule, a space, and the ID of the person. */
  readonly key: string
  /** A `Visit`; anything else is as if nothing was known. */
  readonly value: unknown
}

/** What was kept since the last call of `takeChanged`. */
export interface VisitsChange {
  readonly put: readonly SavedVisit[]
  /** Keys. */
  readonly gone: readonly string[]
}

/** The key of what a rule knows of a person. */
export const keyOf = (rule: string, person: PersonId): string => `${rule} ${person}`
/** Reads what `keyOf` made. */
export const partsOf = (key: string): readonly [rule: string, person: PersonId] => {
  const at = key.indexOf(' ')
  return [key.slice(0, at), key.slice(at + 1)]
}

/** See `createVisits`. */
export type Visits = ReturnType<typeof createVisits>

/** Visits by rule and person, with what has changed of them, and those whose people are there. */
export const createVisits = (saved: readonly SavedVisit[]) => {
  const visits = new Map<string, Visit>()
  const here = new Set<string>()
  const changed = new Set<string>()
  const note = (key: string, visit: Visit): void => {
    visits.set(key, visit)
    if (visit.isHere) here.add(key)
    else here.delete(key)
  }
  for (const { key, value } of saved) if (isSavedVisit(value)) note(key, value)
  const set = (key: string, visit: Visit | null): void => {
    if (visit === visits.get(key)) return
    changed.add(key)
    if (visit) note(key, visit)
    else {
      visits.delete(key)
      here.delete(key)
    }
  }
  return {
    get: (key: string): Visit | null => visits.get(key) ?? null,
    set,
    /** Forgets all that are gone. */
    drop: (isGone: (rule: string, person: PersonId, visit: Visit) => boolean): void => {
      for (const [key, visit] of visits) if (isGone(...partsOf(key), visit)) set(key, null)
    },
    /** In an order that does not depend on when the program started. */
    here: () => [...here].sort(),
    takeChanged: (): VisitsChange => {
      const keys = [...changed]
      changed.clear()
      return {
        put: keys.flatMap((key) => (visits.has(key) ? { key, value: visits.get(key) } : [])),
        gone: keys.filter((key) => !visits.has(key)),
      }
    },
  }
}
