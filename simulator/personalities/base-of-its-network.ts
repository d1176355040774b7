import type { Personality } from '../personality.ts'
import { withBase } from '../quirks/answers.ts'

/** Nobody but the router can connect to it; the connection stands already. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'names its address behind a router in Content-Base',
  seen: 'every camera behind a forwarded port',
  expect: 'picture',
  quirks: { answer: withBase((url) => `rtsp://192.168.1.108${new URL(url).pathname}/`) },
}
