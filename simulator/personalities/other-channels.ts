import type { Personality } from '../personality.ts'

/** The answer to SETUP names the channels that are used, so a client has to read it (RFC 2326 12.39). */
export const personality: Personality = {
  kind: 'transport',
  does: 'sends on other channels than were asked for, and says so in its answer',
  seen: 'cameras that go2rtc works around',
  expect: 'picture',
  quirks: { transport: { channels: () => [4, 5] } },
}
