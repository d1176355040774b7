import type { Personality } from '../personality.ts'
import { withChanged } from '../quirks/answers.ts'

/** Packets may come from anywhere; reports to nowhere do no harm. */
export const personality: Personality = {
  kind: 'transport',
  does: 'names ports in its answer from which it does not send',
  expect: 'picture',
  client: { transport: 'udp' },
  quirks: { answer: withChanged('Transport', (it) => it.replace(/server_port=[\d-]+/, 'server_port=9-10')) },
}
