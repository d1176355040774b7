import { expect, it } from 'vitest'
import { associate } from '../../src/tracking/association.ts'
import { still } from '../../src/tracking/motion.ts'
import { trackerOptions } from '../../src/tracking/options.ts'
import { unguarded } from '../../src/tracking/swap-guard.ts'
import { detectionAt } from '../identity/support/faces.ts'

const options = trackerOptions.parse({})
type State = 'tracked' | 'lost'
/** Which of tracks at these places has a face at 0.3, by index; −1: none. */
const ownerOf = (tracks: readonly { readonly x: number; readonly state: State }[]): number | undefined =>
  associate(
    tracks.map(({ state }) => ({ guarded: unguarded, state })),
    tracks.map(({ x }) => still(detectionAt(x), 0)),
    [detectionAt(0.3)],
    options,
  )[0]

it('lets a lost track have a face from as far away as one that was just seen', () => {
  const shifts = Array.from({ length: 200 }, (_, i) => i / 1000)
  const owners = (state: State) => shifts.map((shift) => ownerOf([{ x: 0.3 + shift, state }]))
  expect(owners('lost')).toEqual(owners('tracked'))
  expect(new Set(owners('lost'))).toEqual(new Set([0, -1]))
})

it('prefers the track that was just seen, though the lost one is a little nearer', () => {
  for (const shift of [0, 0.005])
    expect(
      ownerOf([
        { x: 0.3 + shift, state: 'lost' },
        { x: 0.3 + shift + 0.005, state: 'tracked' },
      ]),
    ).toBe(1)
})
