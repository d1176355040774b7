import type { World } from './world.ts'

/** One kind of fault. `T` is what `apply` has chosen, for `expect` and `undo`. */
export interface Fault<T = unknown> {
  readonly name: string
  /** Only in the long form: it takes long, or needs more than the tests may count on. */
  readonly isLong?: boolean
  /** What it needs; a run without is a run without this fault. */
  readonly needs?: 'kafka' | 'broker'
  /** Does it. All that chance says comes from `random` (0 ≤ x < 1), so that a step can be repeated. */
  apply(world: World, random: () => number): Promise<T> | T
  /** What must be so while it lasts; says what was seen. Throws when it is not so. */
  expect(world: World, chosen: T): Promise<string>
  /** Ends it. Called in any case. */
  undo(world: World, chosen: T): Promise<void> | void
}

/** Puts faults of different choices into one list. */
export const fault = <T>(kind: Fault<T>): Fault => kind as Fault

export const oneOf = <T>(values: readonly T[], random: () => number): T =>
  values[Math.floor(random() * values.length)] as T
