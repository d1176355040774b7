import { describe, expect, it } from 'vitest'
import { planLoop } from '../../simulator/loop-plan.ts'
import { annexB, nalOf, pps, sps, syntheticLoop } from './synthetic-loop.ts'

const unit = (data: Uint8Array, i: number, key: boolean) => ({ data, ptsUs: i * 40_000, dtsUs: i * 40_000, key })
const loopOf = (...units: ReturnType<typeof unit>[]) => ({ ...syntheticLoop(), units })

describe('planLoop', () => {
  it('puts parameter sets before key frames that lack them, and leaves delimiters out', () => {
    const delimiter = Uint8Array.of(9, 16)
    const plan = planLoop(
      loopOf(
        unit(annexB(delimiter, sps, pps, nalOf(0x65, 9)), 0, true),
        unit(annexB(delimiter, nalOf(0x41, 9)), 1, false),
        unit(annexB(nalOf(0x65, 9)), 2, true),
      ),
    )
    const first = plan.units.map((each) => each.payloads.map(({ body }) => body[0]))
    expect(first).toEqual([[0x67, 0x68, 0x65], [0x41], [0x67, 0x68, 0x65]])
  })

  it('says what is wrong with a loop that cannot be sent', () => {
    const key = annexB(sps, pps, nalOf(0x65, 9))
    expect(() => planLoop(loopOf())).toThrow('begin with a key frame')
    expect(() => planLoop(loopOf(unit(annexB(nalOf(0x41, 9)), 0, false)))).toThrow('begin with a key frame')
    expect(() => planLoop(loopOf(unit(annexB(nalOf(0x65, 9)), 0, true)))).toThrow('SPS and PPS')
    expect(() => planLoop(loopOf(unit(key, 0, true), unit(key, 0, true)))).toThrow('rising times')
  })
})
