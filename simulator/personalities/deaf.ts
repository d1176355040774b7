import type { Personality } from '../personality.ts'

/** Its clients go on watching; at the end nobody waits for the answer to TEARDOWN. */
export const personality: Personality = {
  kind: 'session',
  does: 'answers two signs of life and then nothing more, and sends on',
  seen: 'Tapo',
  expect: 'picture',
  lastsMs: 6000,
  quirks: {
    session: { timeoutMs: 2000 },
    answer: (proper, _, { requests }) =>
      requests.findLastIndex(({ method }) => method === 'PLAY') >= 0 &&
      requests.length - requests.findLastIndex(({ method }) => method === 'PLAY') > 3
        ? null
        : proper,
  },
}
