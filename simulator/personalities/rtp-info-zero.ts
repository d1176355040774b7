import type { Personality } from '../personality.ts'
import { withHeaders } from '../quirks/answers.ts'

/** They begin anywhere; who believes it waits for ever, or shows wrong times. */
export const personality: Personality = {
  kind: 'time',
  does: 'says in RTP-Info that its packets begin at 0',
  seen: 'Hikvision, Tapo C320WS',
  expect: 'picture',
  lastsMs: 4500,
  quirks: {
    answer: (proper, request, past) =>
      withHeaders('PLAY', { 'RTP-Info': `url=${request.uri}/trackID=0;seq=0;rtptime=0` })(proper, request, past),
  },
}
