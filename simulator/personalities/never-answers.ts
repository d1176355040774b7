import type { Personality } from '../personality.ts'

/** A device that hangs, or a port of something else. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'accepts the connection and says nothing',
  expect: { says: /says nothing within/, remedy: /network.*Restart/ },
  quirks: { serve: () => {} },
}
