import { describe, expect, test } from 'vitest'
import { createRtpLook } from '../../../src/commands/doctor/rtp.ts'

const frame = (payload: Buffer, channel = 0): Buffer => {
  const head = Buffer.from([0x24, channel, 0, 0])
  head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}
const rtp = (sequence: number, time: number, marked: boolean, payload: readonly number[] = [0x65, 1, 2, 3, 4]) => {
  const head = Buffer.alloc(12)
  head[0] = 0x80
  head[1] = (marked ? 0x80 : 0) | 96
  head.writeUInt16BE(sequence & 0xffff, 2)
  head.writeUInt32BE(time >>> 0, 4)
  return frame(Buffer.concat([head, Buffer.from(payload)]))
}
const report = (ntpAtMs: number): Buffer => {
  const packet = Buffer.alloc(28)
  packet.writeUInt32BE(0x80c80006, 0)
  const seconds = ntpAtMs / 1000 + 2_208_988_800
  packet.writeUInt32BE(Math.floor(seconds) >>> 0, 8)
  packet.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 12)
  return frame(packet, 1)
}
/** Pictures of two packets, 25 a second. `each` may change a picture. */
const play = (
  pictures: number,
  { rate = 1, from = 0, each = (i: number) => [rtp(2 * i, i * 3600, false), rtp(2 * i + 1, i * 3600, true)] } = {},
) => {
  const look = createRtpLook()
  for (let i = from; i < from + pictures; i++) for (const packet of each(i)) look.push(packet, (1000 + i * 40) / rate)
  return look
}

describe('RTP of a camera is looked at', () => {
  test('that sends as it should', () => {
    expect(play(250).found()).toMatchObject({
      packets: 500,
      lost: 0,
      disordered: 0,
      marker: 'good',
      jumpS: 0,
      startCodes: 0,
      turnedBy: null,
      drift: { ppm: 0 },
    })
    expect(createRtpLook().found()).toBeNull()
    // 500 packets of what `rtp` makes, 250 pictures at 25 a second.
    expect(play(250).found()?.bitsPerS).toBeGreaterThan(0)
  })

  test.each([
    ['every packet', (i: number) => [rtp(2 * i, i * 3600, true), rtp(2 * i + 1, i * 3600, true)]],
    ['never', (i: number) => [rtp(2 * i, i * 3600, false), rtp(2 * i + 1, i * 3600, false)]],
    ['inside pictures', (i: number) => [0, 1, 2].map((part) => rtp(3 * i + part, i * 3600, part !== 1))],
  ])('for the marker bit: %s', (marker, each) => {
    expect(play(50, { each }).found()?.marker).toBe(marker)
  })

  test('for loss, also over the end of the sequence numbers, and what comes late or twice', () => {
    const numbers = [65_533, 65_534, 1, 0, 2, 2, 5]
    const look = createRtpLook()
    for (const [i, number] of numbers.entries()) look.push(rtp(number, i * 3600, true), i * 40)
    // 65535, 3 and 4 are missing; 0 came late and 2 twice.
    expect(look.found()).toMatchObject({ lost: 3, disordered: 2 })
  })

  test('anew at each connection: numbers and times that begin elsewhere are no loss, jump or drift', () => {
    const look = play(250)
    look.restart()
    for (let i = 0; i < 250; i++) look.push(rtp(4000 + i, 2 ** 31 + i * 3600, true), 20_000 + i * 40)
    expect(look.found()).toMatchObject({ packets: 750, lost: 0, disordered: 0, jumpS: 0, drift: { ppm: 0 } })
    look.restart()
    look.push(rtp(1, 0, true), 40_000)
    expect(look.found()).toMatchObject({ lost: 0, disordered: 0, jumpS: 0 })
  })

  test.each([
    [1.001, 1000],
    [0.999, -1000],
    [1, 0],
  ])('for a clock that runs %d times as fast', (rate, ppm) => {
    const found = play(250, { rate, from: 100 }).found()
    expect(found?.drift?.ppm).toBeGreaterThan(ppm - 60)
    expect(found?.drift?.ppm).toBeLessThan(ppm + 60)
  })

  test('for an hour that is jumped over, and none where 32 bits end', () => {
    const jump = (i: number) => [rtp(i, i * 3600 + (i > 20 ? 3600 * 90_000 : 0), true)]
    expect(play(40, { each: jump }).found()).toMatchObject({ jumpS: 3600, drift: null })
    const back = (i: number) => [rtp(i, i * 3600 - (i > 100 ? 3600 * 90_000 : 0), true)]
    expect(play(250, { each: back }).found()).toMatchObject({ jumpS: -3600, drift: null })
    const wrap = (i: number) => [rtp(i, i * 3600 + 2 ** 32 - 50_000, true)]
    expect(play(40, { each: wrap }).found()?.jumpS).toBe(0)
  })

  test('for start codes and whole fragments', () => {
    const each = (i: number) => [
      rtp(2 * i, i * 3600, false, [0, 0, 0, 1, 0x65]),
      rtp(2 * i + 1, i * 3600, true, [28, 0xc5, 1, 2, 3]),
    ]
    expect(play(3, { each }).found()).toMatchObject({ startCodes: 3, wholeFragments: 3 })
  })

  test.each([
    ['H.264', [6, 47, 3, 0x08, 0, 0x14, 0x80], 270],
    ['H.265', [39 << 1, 1, 47, 3, 0x18, 0, 0x14, 0x80], 90],
    ['a cancelled one', [6, 47, 1, 0xc0, 0x80, 0, 0], 0],
    ['user data', [6, 5, 3, 1, 2, 3, 0x80], null],
  ])('for the turn that a stream asks for: %s', (_, payload, turnedBy) => {
    const each = (i: number) => [rtp(i, i * 3600, true, payload)]
    expect(play(3, { each }).found()).toMatchObject({ turnedBy })
  })

  test('for start codes behind an extension of the header', () => {
    const extended = (i: number) => {
      const packet = rtp(i, i * 3600, true, [0xab, 0xac, 0, 1, 9, 9, 9, 9, 0, 0, 1, 0x65, 7])
      packet[4] = 0x90
      return [packet]
    }
    expect(play(3, { each: extended }).found()).toMatchObject({ startCodes: 3, wholeFragments: 0 })
  })

  test('for no more reports than may be kept, the newest', () => {
    const look = play(3)
    for (let i = 0; i < 10; i++) look.push(Buffer.concat(Array.from({ length: 400 }, () => report(0))), i)
    expect(look.found()?.reports).toHaveLength(3600)
    expect(look.found()?.reports.at(0)?.arrivedAtMs).toBe(1)
  })

  test('for reports, good and cut off', () => {
    const look = play(3)
    look.push(Buffer.concat([report(1_700_000_000_250), frame(report(0).subarray(4, 20), 1)]), 1_700_000_000_000)
    const found = look.found()
    expect(found?.reports).toHaveLength(1)
    expect(found?.reports[0]?.ntpAtMs).toBeCloseTo(1_700_000_000_250, 0)
    expect(found?.badReports).toBe(1)
  })

  test('whatever bytes come', () => {
    const look = createRtpLook()
    for (let length = 0; length < 64; length++) look.push(Buffer.alloc(length, 0x24), 0)
    look.push(frame(Buffer.from([0x8f, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])), 0)
    expect(look.found()?.packets).toBeGreaterThanOrEqual(1)
  })
})
