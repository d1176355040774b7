import { deserialize } from 'node:v8'
import type { Origins } from '../people/origins.ts'
import { type LiveRow, liveFrom } from '../state/live-rows.ts'
import type { Apart, Exemplar, SavedState } from '../state/state.ts'
import { damaged } from './problems.ts'
import type { Statements } from './statements.ts'
import { floatsOf } from './vectors.ts'

/** Reads what the engine goes on from, but for sightings and objectors. Throws STATE when what is read makes no sense. */
export const readState = (
  run: Statements,
  file: string,
  dimensions: number,
  origins: ReadonlyMap<number, Origins>,
): Omit<SavedState, 'sightings' | 'objectors'> => {
  const exemplars = new Map<number, Exemplar[]>()
  for (const { person, weight, sum } of run.exemplars()) {
    const vector = floatsOf(sum)
    if (vector.length !== dimensions)
      throw damaged(file, `an embedding has ${vector.length} numbers, expected ${dimensions}`)
    const own = exemplars.get(person) ?? []
    own.push({ sum: vector, weight })
    exemplars.set(person, own)
  }
  const { sequence, created, clockMs } = run.site()
  return {
    sequence,
    created,
    people: run
      .people()
      .map((row) => ({ ...row, exemplars: exemplars.get(row.order) ?? [], origins: origins.get(row.order) ?? [] })),
    aliases: run.aliases(),
    apart: run.apart() as Apart[],
    retired: run.retired(),
    clockMs,
    live: readLive(run, file),
  }
}

/** Null when there are none. */
const readLive = (run: Statements, file: string): readonly LiveRow[] | null => {
  try {
    const rows = run.live().map(({ kind, key, value }): LiveRow => ({ kind, key, value: deserialize(value) }))
    if (rows.length === 0) return null
    liveFrom(rows)
    return rows
  } catch (cause) {
    throw damaged(file, `what was in view cannot be read (${(cause as Error).message})`, cause)
  }
}
