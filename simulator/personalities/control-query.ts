import type { Personality } from '../personality.ts'
import { replaced } from '../quirks/sdp.ts'

/** Behind a slash it is not found. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'names its track by a query',
  seen: 'Hikvision',
  expect: 'picture',
  quirks: {
    sdp: replaced(/^a=control:trackID=0/, 'a=control:?ctype=video'),
    answer: (proper, { method, uri }) =>
      method === 'SETUP' && !/\w\?ctype=video$/.test(uri) ? { status: 404 } : proper,
  },
}
