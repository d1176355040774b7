import { describe, expect, test } from 'vitest'
import type { NalCodec } from '../../../simulator/loop.ts'
import {
  aggregated,
  changingType,
  emptyFragments,
  fragmentsOfOne,
  type Marking,
  markedAlways,
  markedNever,
  markedParameterSets,
  type Packing,
  plain,
} from '../../../simulator/quirks/packing.ts'

const filled = (header: readonly number[], bytes: number) => Uint8Array.from([...header, ...Array(bytes).fill(0x55)])

/** Parameter sets, an SEI and two slices, the second too long for a packet. */
const pictures: Readonly<Record<NalCodec, readonly Uint8Array[]>> = {
  h264: [filled([0x67], 9), filled([0x68], 4), filled([6], 20), filled([0x65], 200), filled([0x65], 3000)],
  h265: [filled([64, 1], 9), filled([66, 1], 9), filled([68, 1], 4), filled([38, 1], 200), filled([38, 1], 3000)],
}

/** Puts NAL units together again as a depayloader does that forgives nothing but what is tested. */
const unpacked = (codec: NalCodec, packets: readonly Uint8Array[]): readonly Uint8Array[] => {
  const nals: Uint8Array[] = []
  let parts: Uint8Array[] = []
  for (const packet of packets) {
    if (packet.length === 0) continue
    const type = codec === 'h264' ? packet[0] & 0x1f : packet[0] >> 1
    const head = codec === 'h264' ? 1 : 2
    if (type === 24 || type === 48) {
      for (let at = head; at < packet.length; at += 2 + ((packet[at] << 8) | packet[at + 1])) {
        nals.push(packet.slice(at + 2, at + 2 + ((packet[at] << 8) | packet[at + 1])))
      }
    } else if (type === 28 || type === 49) {
      const flags = packet[head]
      if (flags & 0x80) {
        const header = codec === 'h264' ? [(packet[0] & 0xe0) | (flags & 0x1f)] : [(flags & 0x3f) << 1, packet[1]]
        parts = [Uint8Array.from(header)]
      }
      parts.push(packet.slice(head + 1))
      if (flags & 0x40) nals.push(Uint8Array.from(Buffer.concat(parts)))
    } else nals.push(packet)
  }
  return nals
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const packets = (packing: Packing, codec: NalCodec) =>
  packing(pictures[codec], { codec }).map(({ prefix, body }) => Buffer.concat([prefix, body]))

describe.each(['h264', 'h265'] as const)('%s', (codec) => {
  test.each(Object.entries({ plain, fragmentsOfOne, emptyFragments, aggregated, changingType }))(
    '%s loses nothing',
    (_, packing) => {
      expect(unpacked(codec, packets(packing, codec)).map(hex)).toEqual(pictures[codec].map(hex))
    },
  )

  test('each packet fits an Ethernet frame', () => {
    for (const packing of [fragmentsOfOne, emptyFragments, aggregated, changingType]) {
      expect(Math.max(...packets(packing, codec).map(({ length }) => length))).toBeLessThanOrEqual(1400)
    }
  })

  test('small units share a packet', () => {
    expect(packets(aggregated, codec).length).toBeLessThan(packets(plain, codec).length - 2)
  })
})

test('markers', () => {
  const payloads = plain(pictures.h264, { codec: 'h264' })
  const marked = (marking: Marking) => payloads.map((payload, i) => marking(i, payloads.length, payload))
  expect(marked(markedAlways).every(Boolean)).toBe(true)
  expect(marked(markedNever).some(Boolean)).toBe(false)
  expect(marked(markedParameterSets)).toEqual([true, true, true, false, false, false, true])
})

test('the type of a key frame changes inside its fragments', () => {
  const headers = packets(changingType, 'h264').flatMap((packet) => ((packet[0] & 31) === 28 ? packet[1] & 31 : []))
  expect(headers).toEqual([5, 1, 1])
})
