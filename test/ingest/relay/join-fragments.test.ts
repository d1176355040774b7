import { describe, expect, test } from 'vitest'
import type { NalCodec } from '../../../simulator/loop.ts'
import {
  changingType,
  emptyFragments,
  fragmentsOfOne,
  type Marking,
  markedAlways,
  markedNever,
  plain,
} from '../../../simulator/quirks/packing.ts'
import { type Payload, writePackets } from '../../../simulator/rtp.ts'
import { packetsOf } from '../../../src/ingest/relay/interleaved.ts'
import { joinFragments } from '../../../src/ingest/relay/join-fragments.ts'

/** A NAL unit of a slice, whose bytes say where they are. */
const slice = (codec: NalCodec, bytes: number): Uint8Array => {
  const nal = Uint8Array.from({ length: bytes }, (_, at) => (at * 31 + (at >> 8)) & 0xff)
  nal.set(codec === 'h264' ? [0x65] : [0x26, 1])
  return nal
}

const stateFrom = (sequence: number) => ({ ssrc: 7, timestampOffset: 0, sequence, packets: 0, octets: 0 })

/** The packets of a picture, from this number on. */
const picture = (payloads: readonly Payload[], sequence = 100, time = 9000, marker?: Marking): Buffer =>
  writePackets(stateFrom(sequence), payloads, time, 0, marker === undefined ? {} : { marker }).bytes

const numbers = (bytes: Buffer): readonly number[] => packetsOf(bytes).map((packet) => packet.readUInt16BE(6))
const payload = (packet: Buffer | undefined): Buffer => (packet ?? Buffer.alloc(0)).subarray(16)
const isMarked = (packet: Buffer | undefined): boolean => ((packet?.[5] ?? 0) & 0x80) !== 0

/** Joins what comes in pieces of one packet each. */
const oneByOne = (kind: NalCodec, bytes: Buffer): Buffer => {
  const join = joinFragments(kind)
  return Buffer.concat(packetsOf(bytes).map(join))
}

describe.each(['h264', 'h265'] as const)('%s', (codec) => {
  test('the fragments of a NAL unit become the NAL unit, whether they come at once or one by one', () => {
    const nals = [slice(codec, 20), slice(codec, 30_000), slice(codec, 9000)]
    const came = picture(plain(nals, { codec }))
    const joined = joinFragments(codec)(came)
    expect(packetsOf(joined).map(payload)).toEqual(nals.map((nal) => Buffer.from(nal)))
    expect(numbers(joined)).toEqual([100, 101, 102])
    expect(packetsOf(joined).map(isMarked)).toEqual([false, false, true])
    expect(oneByOne(codec, came)).toEqual(joined)
  })

  test('one larger than an interleaved packet becomes fragments as large as may be', () => {
    const nal = slice(codec, 150_000)
    const packets = packetsOf(joinFragments(codec)(picture(plain([nal], { codec }))))
    const headers = codec === 'h264' ? 2 : 3
    expect(packets.length).toBe(3)
    expect(packets.map((packet) => (payload(packet)[headers - 1] ?? 0) & 0xc0)).toEqual([0x80, 0, 0x40])
    const bytes = Buffer.concat(packets.map((packet) => payload(packet).subarray(headers)))
    expect(bytes).toEqual(Buffer.from(nal.subarray(headers - 1)))
    for (const packet of packets) expect(packet.readUInt16BE(2)).toBe(packet.length - 4)
  })

  test('what is missing stays missing: as many packets, at the same place', () => {
    const before = packetsOf(picture(plain([slice(codec, 9000)], { codec }), 65_530))
    const missing = before.filter((_, i) => i !== 3)
    const next = picture(plain([slice(codec, 50)], { codec }), 65_530 + before.length - 65_536, 12_600)
    const joined = joinFragments(codec)(Buffer.concat([...missing, next]))
    expect(before.length).toBe(7)
    // 65530 to 65532, then one is missing, then three, then the next picture's.
    expect(numbers(joined)).toEqual([65_530, 65_532, 65_533])
    expect(payload(packetsOf(joined)[2])).toEqual(Buffer.from(slice(codec, 50)))
  })

  test.each([
    ['empty ones', emptyFragments],
    ['those of other types', changingType],
    ['those that are first and last at once', fragmentsOfOne],
  ])('%s are left as they are', (_, packing) => {
    const nals = [slice(codec, 200), slice(codec, 2500)]
    const came = picture(packing(nals, { codec }))
    const kept = packetsOf(came).filter((packet) => payload(packet).length < 100)
    const joined = packetsOf(joinFragments(codec)(came)).map(payload)
    for (const packet of kept) expect(joined).toContainEqual(payload(packet))
  })

  test('a marked packet waits for nothing', () => {
    const came = writePackets(stateFrom(5), plain([slice(codec, 5000)], { codec }), 1, 0, {
      marker: markedAlways,
    }).bytes
    expect(joinFragments(codec)(came)).toEqual(came)
  })

  test('the last fragment of a picture that is never marked waits for nothing', () => {
    const came = picture(plain([slice(codec, 5000)], { codec }), 5, 1, markedNever)
    expect(packetsOf(joinFragments(codec)(came)).map(payload)).toEqual([Buffer.from(slice(codec, 5000))])
  })

  test('reports, junk and padded packets pass', () => {
    const report = Buffer.from([0x24, 1, 0, 12, 0x80, 200, 0, 2, 0, 0, 0, 7, 0, 0, 0, 0])
    const junk = Buffer.from([0x24, 9, 0, 3, 1, 2, 3])
    const padded = packetsOf(picture(plain([slice(codec, 5000)], { codec })))
    for (const packet of padded) packet[4] |= 0x20
    const came = Buffer.concat([report, junk, ...padded])
    expect(joinFragments(codec)(came)).toEqual(came)
  })
})
