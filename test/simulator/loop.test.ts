import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanFrameUs, withDecodingTimes } from '../../simulator/loop.ts'

const unit = (ptsUs: number) => ({ data: new Uint8Array(1), ptsUs, key: false })

describe('withDecodingTimes', () => {
  it('leaves pictures alone that are shown in the order of decoding', () => {
    expect(withDecodingTimes([0, 40, 80].map(unit)).map((each) => each.dtsUs)).toEqual([0, 40, 80])
  })

  it('decodes early enough for B pictures', () => {
    // I0 P3 B1 B2 in decoding order: B1 is needed at 40, two pictures after I0.
    expect(withDecodingTimes([0, 120, 40, 80].map(unit)).map((each) => each.dtsUs)).toEqual([-40, 0, 40, 80])
  })

  it('never decodes a picture after it is shown, and decodes in order', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 1e7 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(times, (all) => {
        const units = withDecodingTimes(all.map(unit))
        expect(units.every((each) => each.dtsUs <= each.ptsUs)).toBe(true)
        expect(units.every((each, i) => i === 0 || each.dtsUs > units[i - 1].dtsUs)).toBe(true)
      }),
      { seed: 2 },
    )
  })
})

it('measures the mean distance of pictures in whatever order', () => {
  expect(meanFrameUs([0, 120, 40, 80].map(unit))).toBe(40)
  expect(meanFrameUs([unit(7)])).toBe(40_000)
})
