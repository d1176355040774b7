import type { Personality } from '../personality.ts'

/** The fault shows late. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'answers up to SETUP and no further',
  expect: { says: /does not answer SETUP within/, remedy: /network.*Restart/ },
  quirks: { answer: (proper, { method }) => (['SETUP', 'PLAY'].includes(method) ? null : proper) },
}
