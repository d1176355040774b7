import { describe, expect, test } from 'vitest'
import { type Choice, choose, type Situation } from '../../native/index.js'

const feed: Choice = { action: 'feed', damaged: false }
const damaged: Choice = { action: 'feed', damaged: true }
const lose = (reason: 'behind' | 'broken' | 'policy'): Choice => ({ action: 'lose', reason })
const skip = (reason: 'broken' | 'disposable' | 'policy'): Choice => ({ action: 'skip', reason })
const jump: Choice = { action: 'jump', reason: 'behind' }

/** In the midst of a whole group of pictures. */
const sighted: Situation = { isBlind: false, keyEveryMs: 2000, sinceKeyMs: 500 }
const key = { recovery: 0 }

const rows = (table: readonly (readonly [string, Situation, Choice])[]) =>
  test.each(table)('%s', (_, situation, choice) => expect(choose(situation)).toEqual(choice))

describe('at the beginning, and after a loss', () => {
  rows([
    ['a key unit is where decoding begins', key, feed],
    ['so is a gradual recovery', { recovery: 12 }, feed],
    ['nothing else is', {}, lose('broken')],
    ['a key unit that has lost packets is not', { ...key, broken: true }, lose('broken')],
    ['the reason stays the one it was', { blindReason: 'behind' }, lose('behind')],
    ['after the longest blindness it goes on with damage', { blindMs: 2000 }, damaged],
    ['not before', { blindMs: 1999 }, lose('broken')],
    ['a broken key unit does not end the damage', { ...key, broken: true, blindMs: 2000 }, damaged],
    ['no blindness is wanted', { blindMs: 0, maxBlindMs: 0 }, damaged],
    ['a key unit after all', { ...key, blindMs: 5000 }, feed],
  ])
})

describe('while all is well', () => {
  rows([
    ['a unit is decoded', sighted, feed],
    ['what nobody refers to, too', { ...sighted, disposable: true }, feed],
    ['a leading picture of a group that was decoded from its beginning', { ...sighted, leading: true }, feed],
    [
      'a leading picture where decoding began is left out',
      { ...sighted, leading: true, beganAtKey: true },
      skip('broken'),
    ],
    ['the first unit with a loss', { ...sighted, broken: true }, lose('broken')],
    ['the same where no blindness is wanted', { ...sighted, broken: true, maxBlindMs: 0 }, damaged],
    ['what follows a loss that is concealed', { ...sighted, broken: true, isConcealing: true }, damaged],
    ['the next whole key unit', { ...sighted, ...key, isConcealing: true }, feed],
    ['a broken key unit', { ...sighted, ...key, broken: true, isConcealing: true }, damaged],
  ])
})

describe('a machine that is late', () => {
  const late = { ...sighted, lagMs: 401 }
  rows([
    ['first leaves out what nobody refers to', { ...sighted, disposable: true, lagMs: 201 }, skip('disposable')],
    ['but not at once', { ...sighted, disposable: true, lagMs: 200 }, feed],
    ['then leaves the rest of the group out', late, lose('behind')],
    ['jumps to a newer group', { ...late, hasKeyAhead: true }, jump],
    ['jumps from a key unit, too', { ...late, ...key, hasKeyAhead: true }, jump],
    ['begins with a key unit, however late', { ...late, ...key }, feed],
    ['is late rather than blind for long', { ...late, keyEveryMs: 10_000 }, feed],
    ['unless the key unit is near', { ...late, keyEveryMs: 10_000, sinceKeyMs: 8100 }, lose('behind')],
    ['does not know how far key units are apart', { ...late, keyEveryMs: null }, feed],
    ['is not late while it catches up', { ...late, isCatchingUp: true, hasKeyAhead: true }, feed],
    ['jumps out of blindness', { isBlind: true, lagMs: 500, hasKeyAhead: true }, jump],
    ['within its own limit', { ...sighted, lagMs: 900, maxLagMs: 1000 }, feed],
  ])
})

describe('what is wanted', () => {
  rows([
    ['nothing', { ...sighted, ...key, policy: 'none' }, lose('policy')],
    ['key units', { ...sighted, ...key, policy: 'keys' }, feed],
    ['and no others', { ...sighted, policy: 'keys' }, lose('policy')],
    ['no broken ones', { ...sighted, ...key, broken: true, policy: 'keys' }, lose('broken')],
    ['no damaged pictures either', { policy: 'keys', blindMs: 60_000 }, lose('policy')],
    ['what others refer to', { ...sighted, policy: 'reference' }, feed],
    ['and no others', { ...sighted, disposable: true, policy: 'reference' }, skip('policy')],
    ['not what the rate leaves out', { ...sighted, disposable: true, leftOut: true }, skip('policy')],
    ['unless others refer to it', { ...sighted, leftOut: true }, feed],
    ['or a decoder begins with it', { ...sighted, ...key, disposable: true, leftOut: true }, feed],
  ])
})
