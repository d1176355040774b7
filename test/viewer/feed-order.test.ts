import { expect, test } from 'vitest'
import { placeInFeed } from '../../viewer/src/pages/live/feed-order.ts'

const now = Date.UTC(2026, 10, 24, 12)

test.each([
  ['the newest is above', [now - 1000, now - 2000], now, 0],
  ['one that comes late is where it belongs', [now, now - 1000, now - 3000], now - 2000, 2],
  ['of the same time the last that came is above', [now, now - 1000], now - 1000, 1],
  ['the oldest is below', [now, now - 1000], now - 5000, 2],
  ['alone', [], now, 0],
  ["a recording's time is compared with no date", [now], 65_000, 0],
  ['… nor a date with it', [65_000, now], now + 1000, 0],
])('%s', (_, times, atMs, place) => expect(placeInFeed(times, atMs)).toBe(place))
