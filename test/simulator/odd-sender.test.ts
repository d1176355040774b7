import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { oddSender } from '../../simulator/odd-sender.ts'
import type { PacketSender } from '../../simulator/packet-sender.ts'
import type { Packet } from '../../simulator/quirks.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Two packets, `a` and `bc`, behind interleaved heads. */
const bytes = Buffer.from('$\0\0\x01a$\0\0\x02bc')
const ends = [5, 11]

const recorder = () => {
  const sent: string[] = []
  const sender: PacketSender = {
    rtpChannel: 0,
    full: () => false,
    rtp: (all) => {
      sent.push(all.toString('latin1'))
      return 0
    },
    rtcp: () => {},
    close: () => {},
  }
  return { sent, sender }
}

const changes: readonly (readonly [string, (packets: readonly Packet[]) => readonly Packet[], string])[] = [
  ['as they are', (packets) => packets, '$\0\0\x01a$\0\0\x02bc'],
  ['in another order', (packets) => packets.toReversed(), '$\0\0\x02bc$\0\0\x01a'],
  ['twice', ([first]) => [first, first], '$\0\0\x01a$\0\0\x01a'],
  ['on another channel', ([first]) => [{ ...first, channel: 7 }], '$\x07\0\x01a'],
]
test.each(changes)('packets go %s', (_, change, expected) => {
  const { sent, sender } = recorder()
  oddSender(sender, change).rtp(bytes, ends)
  expect(sent).toEqual([expected])
})

test('a lost picture is not sent at all', () => {
  const { sent, sender } = recorder()
  oddSender(sender, () => []).rtp(bytes, ends)
  expect(sent).toEqual([])
})

test('a delayed packet comes later, and not after the end', () => {
  const { sent, sender } = recorder()
  const odd = oddSender(sender, ([first, second]) => [{ ...first, afterMs: 20 }, second])
  odd.rtp(bytes, ends)
  expect(sent).toEqual(['$\0\0\x02bc'])
  vi.advanceTimersByTime(20)
  expect(sent).toEqual(['$\0\0\x02bc', '$\0\0\x01a'])
  odd.rtp(bytes, ends)
  odd.close()
  vi.advanceTimersByTime(100)
  expect(sent).toHaveLength(3)
})
