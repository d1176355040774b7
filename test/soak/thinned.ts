import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import type { Scale } from '../../src/identity/people/evidence.ts'
import type { PersonId } from '../../src/types.ts'
import { createChain } from './chain.ts'
import type { LoopLooks } from './looks.ts'
import { type Change, createTally } from './tally.ts'
import { type ThinnedWanted, thinnedStory } from './thinned-story.ts'

/** What became of the people of one thinned run. */
export interface ThinnedResult {
  /** True people who were seen under an ID. */
  readonly found: number
  /** IDs at the end. */
  readonly ids: number
  /** Mean over the people found of the IDs that they were seen under, merged ones as one. */
  readonly idsPerPerson: number
  /** Faces with another ID than the same person had before, on any camera. */
  readonly switches: number
  readonly frames: number
  /** The share of true faces that had an ID at once. */
  readonly live: number
  readonly changes: readonly Change[]
  readonly truths: ReadonlyMap<PersonId, string>
}

/** The loops once, thinned, through the real trackers, embedding budget and identity, which begin with nobody. */
export const runThinned = async (
  loops: readonly LoopLooks[],
  wanted: ThinnedWanted & { readonly scale: Scale | null },
): Promise<ThinnedResult> => {
  const engine = createIdentity(identityOptions.parse({}), wanted.scale ? { scale: wanted.scale } : {})
  const chain = createChain()
  const tally = createTally((id) => engine.resolve(id))
  let frames = 0
  for (const { stamp, look, loop } of thinnedStory(loops, wanted)) {
    frames++
    const events = engine.update(await chain.see(stamp, look, loop))
    tally.heard(
      events,
      look.faces.map(({ person }) => person),
    )
  }
  const { found, idsPerPerson } = tally.people()
  const ids = engine.people().map(({ id }) => id)
  const truths = new Map(ids.map((id) => [id, tally.whoIs(id)]))
  const { switches, changes } = tally
  return { found, ids: ids.length, idsPerPerson, switches, frames, live: tally.score().live, changes, truths }
}

/** The mean of several runs at one rate. */
export interface ThinnedScores {
  /** Runs in which somebody had another ID than before, or people and IDs were not as many. */
  readonly faulty: number
  readonly idsPerPerson: number
  readonly switches: number
  readonly live: number
}

/** Runs with the seeds from 1 on. */
export const scoreThinned = async (
  loops: readonly LoopLooks[],
  runs: number,
  wanted: Omit<ThinnedWanted, 'seed'> & { readonly scale: Scale | null },
): Promise<ThinnedScores> => {
  const results: ThinnedResult[] = []
  for (let seed = 1; seed <= runs; seed++) results.push(await runThinned(loops, { ...wanted, seed }))
  const mean = (of: (result: ThinnedResult) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0) / runs
  return {
    faulty: results.filter(({ switches, idsPerPerson, ids, found }) => switches > 0 || idsPerPerson > 1 || ids > found)
      .length,
    idsPerPerson: mean((result) => result.idsPerPerson),
    switches: mean((result) => result.switches),
    live: mean((result) => result.live),
  }
}
