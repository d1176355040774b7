import { setImmediate } from 'node:timers/promises'
import { RollcallError } from '../errors.ts'
import type { IdentityOptions } from '../identity/options.ts'
import type { Scale } from '../identity/people/evidence.ts'
import { type ThresholdName, thresholdsFor } from '../identity/risk.ts'
import type { PastTrack, SettledTrack } from '../identity/state/state.ts'
import type { PastTracks } from '../identity/store/past-tracks.ts'
import type { Store } from '../identity/store/store.ts'
import type { TracksChanged } from '../identity/what-if/changes.ts'
import { whatIf } from '../identity/what-if/what-if.ts'
import type { WhatIfAnswer, WhatIfSettings } from '../server/people-answers.ts'
import type { AskWhatIf, WhatIfQuestion } from '../server/what-if-route.ts'
import type { PersonId } from '../types.ts'
import type { Acting } from './acting.ts'
import { applyChanges } from './apply-changes.ts'

/** What is replayed. */
export interface WhatIfSetup {
  readonly store: Pick<Store, 'saved' | 'settled' | 'unassigned'>
  readonly options: IdentityOptions
  /** Of scores, as they are now. */
  readonly scale: () => Scale
  /** The person an ID stands for now. */
  readonly resolve: (person: PersonId) => PersonId
  readonly nameOf: (person: PersonId) => string | null
  /** Whether somebody with this ID was deleted. */
  readonly isDeleted: (person: PersonId) => boolean
  /** Commits what has changed, so that the store is up to date. */
  readonly flush: () => void
  readonly acting: Pick<Acting, 'all'>
}

/** Tracks that are replayed at most: some minutes. */
const mostTracks = 50_000
const atOnce = 1000

const all = async <Track extends PastTrack>(table: PastTracks<Track>, fromMs: number): Promise<Track[]> => {
  const found: Track[] = []
  for (let after: number | null = 0; after !== null; ) {
    const page: ReturnType<typeof table.page> = table.page({ fromMs, after, limit: atOnce })
    for (const track of page.tracks) found.push(track)
    after = page.next
    await setImmediate()
  }
  return found
}

/** The settings with what the question changes: thresholds that follow from the risk follow the new one. */
export const settingsOf = (options: IdentityOptions, asked: WhatIfQuestion): IdentityOptions => {
  const given = Object.entries(asked).filter(
    ([name, value]) => name !== 'fromMs' && name !== 'apply' && value !== undefined,
  )
  const { risk } = asked
  if (risk === undefined) return { ...options, ...Object.fromEntries(given) }
  const [before, after] = [thresholdsFor(options.risk), thresholdsFor(risk)]
  const follow = (Object.keys(before) as ThresholdName[]).filter((name) => options[name] === before[name])
  return { ...options, ...Object.fromEntries(follow.map((name) => [name, after[name]])), ...Object.fromEntries(given) }
}

const used = ({ risk, join, create, leave, merge, split, margin }: IdentityOptions): WhatIfSettings => ({
  risk,
  join,
  create,
  leave,
  merge,
  split,
  margin,
})

/** The changes without a mention of people who were deleted while they were worked out. */
const withoutDeleted = (
  changes: readonly TracksChanged[],
  isDeleted: (person: PersonId) => boolean,
): readonly TracksChanged[] => {
  const isGone = (id: PersonId | null | undefined): boolean => id != null && isDeleted(id)
  return changes
    .filter(({ from, to }) => !isGone(from) && !isGone(to))
    .map((change) => {
      const { candidate, runnerUp } = change.why ?? {}
      return isGone(candidate?.person) || isGone(runnerUp?.person) ? { ...change, why: null } : change
    })
}

/** Replays the past of a site; one question at a time. Rejects with STATE while another is answered, and for too many tracks. */
export const createWhatIf = (setup: WhatIfSetup): AskWhatIf => {
  const { store, options, scale, resolve, nameOf, flush, acting } = setup
  let isBusy = false
  const answer = async (question: WhatIfQuestion, by: string): Promise<WhatIfAnswer> => {
    flush()
    const saved = store.saved()
    const kept: SettledTrack[] = await all(store.settled, -Infinity)
    const [settled, earlier] = [
      kept.filter(({ lastMs }) => lastMs >= question.fromMs),
      kept.filter(({ lastMs }) => lastMs < question.fromMs),
    ]
    const unassigned = await all(store.unassigned, question.fromMs)
    const count = settled.length + unassigned.length
    if (count > mostTracks)
      throw new RollcallError('STATE', `${count} tracks are kept since then, at most ${mostTracks} are replayed`, {
        remedy: 'Ask about less time, such as --since 1d.',
      })
    const other = settingsOf(options, question)
    const before = { saved, settled, earlier, unassigned }
    const { changes, ...found } = await whatIf({ ...before, resolve, options, other, scale: scale() })
    const left = withoutDeleted(changes, setup.isDeleted)
    const called = (id: PersonId | null) => ({ id, name: id === null ? null : nameOf(id) })
    const shown = left.map(({ from, to, ...rest }) => ({ from: called(from), to: called(to), ...rest }))
    const applied = question.apply ? applyChanges(acting, shown, by) : null
    return { ...found, settings: { today: used(options), other: used(other) }, changes: shown, applied }
  }
  return async (question, by) => {
    if (isBusy)
      throw new RollcallError('STATE', 'another what-if is being answered', { remedy: 'Ask again when it is done.' })
    isBusy = true
    try {
      return await answer(question, by)
    } finally {
      isBusy = false
    }
  }
}
