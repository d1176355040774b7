import { RollcallError } from '../../errors.ts'
import type { WhatIfChange } from '../../server/people-answers.ts'
import type { PeopleClient } from '../people/client.ts'

/** What came of one change. */
export interface Applied {
  /** By which `rollcall people undo` takes it back, the last first; empty when it was left out. */
  readonly actions: readonly number[]
  /** Why it was left out; null when it was done. */
  readonly refused: string | null
}

type Client = Pick<PeopleClient, 'compare' | 'merge' | 'split' | 'actions'>

/** Merges two people, or takes the tracks off one and, where they would be somebody's, merges them into that one. */
const apply = async (client: Client, { from, to, isAll, tracks }: WhatIfChange): Promise<void> => {
  if (from.id === null)
    throw new RollcallError('PERSON_CONFLICT', 'nobody has these tracks, so they cannot be given to anybody')
  if (isAll && to.id !== null) {
    // That they are less alike than settings ask today is what was asked about; what somebody said or a picture showed is not.
    const { together } = await client.compare(from.id, to.id)
    return void (await client.merge(from.id, to.id, together === 0))
  }
  const events = await client.split(from.id, { tracks: [...tracks], sightings: [] })
  if (to.id === null) return
  const off = events.flatMap(({ type, data }) => (type === 'rollcall.person.split.v1' ? data.off : []))[0]
  if (off !== undefined) await client.merge(to.id, off, true)
}

/**
 * Does the changes, each as what a person does with people: merges and splits, with their events. One that contradicts what is
 * known now is left out, with the reason.
 */
export const applyChanges = async (client: Client, changes: readonly WhatIfChange[]): Promise<Applied[]> => {
  const applied: Applied[] = []
  for (const change of changes) {
    const before = new Set((await client.actions()).map(({ id }) => id))
    let refused: string | null = null
    try {
      await apply(client, change)
    } catch (error) {
      const { code, message } = error as RollcallError
      if (code !== 'PERSON_CONFLICT' && code !== 'PERSON_UNKNOWN') throw error
      refused = message
    }
    const actions = (await client.actions()).map(({ id }) => id).filter((id) => !before.has(id))
    applied.push({ actions, refused })
  }
  return applied
}
