import type { Personality } from '../personality.ts'
import { turnedLeft } from '../quirks/nals.ts'

/** A phone on its side. It is shown as it is coded: `doctor` tells of it, and `rotate` turns it. */
export const personality: Personality = {
  kind: 'picture',
  does: 'says in each picture that it is to be turned by 90 degrees',
  seen: 'phones as cameras',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { nals: turnedLeft(90) } },
}
