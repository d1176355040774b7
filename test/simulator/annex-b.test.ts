import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nalKind, parameterSets, splitNals } from '../../simulator/annex-b.ts'
import { annexB, nalOf, pps, sps } from './synthetic-loop.ts'

describe('splitNals', () => {
  it('takes start codes of three and four bytes, and zeros at the end, away', () => {
    const stream = Uint8Array.of(0, 0, 0, 1, 9, 16, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 2, 0, 0)
    expect(splitNals(stream).map((nal) => [...nal])).toEqual([
      [9, 16],
      [0x67, 1],
      [0x68, 2],
    ])
  })

  it('gives back whatever was joined', () => {
    const nal = fc.uint8Array({ minLength: 1, maxLength: 40, min: 1 })
    fc.assert(
      fc.property(fc.array(nal, { maxLength: 6 }), (nals) => {
        expect(splitNals(annexB(...nals)).map((each) => [...each])).toEqual(nals.map((each) => [...each]))
      }),
      { seed: 1 },
    )
  })

  it('finds nothing in bytes without a start code', () => {
    expect(splitNals(Uint8Array.of(1, 2, 3))).toEqual([])
    expect(splitNals(new Uint8Array(0))).toEqual([])
  })
})

describe('nalKind', () => {
  it('knows the types of H.264', () => {
    expect([0x65, 0x67, 0x68, 0x09, 0x41].map((first) => nalKind('h264', Uint8Array.of(first)))).toEqual([
      'key',
      'sps',
      'pps',
      'delimiter',
      'other',
    ])
  })

  it('knows the types of H.265', () => {
    const types = [19, 21, 32, 33, 34, 35, 1, 22]
    expect(types.map((type) => nalKind('h265', Uint8Array.of(type << 1, 1)))).toEqual([
      'key',
      'key',
      'vps',
      'sps',
      'pps',
      'delimiter',
      'other',
      'other',
    ])
  })
})

it('collects parameter sets, each once', () => {
  expect(parameterSets('h264', [nalOf(0x65, 9), pps, sps, Uint8Array.from(pps)])).toEqual({
    vps: [],
    sps: [sps],
    pps: [pps],
  })
})
