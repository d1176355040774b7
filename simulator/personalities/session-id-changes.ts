import type { Personality } from '../personality.ts'
import type { RtspRequest } from '../rtsp-message.ts'

const mark = '-new'
const isNew = ({ headers }: RtspRequest): boolean => headers.get('session')?.endsWith(mark) ?? false
const isLater = (method: string): boolean => ['GET_PARAMETER', 'TEARDOWN', 'PAUSE'].includes(method)

/** The session is what the last answer says. */
export const personality: Personality = {
  kind: 'session',
  does: 'names another session in the answer to PLAY, and knows only that one from then on',
  seen: 'cameras that retina works around',
  expect: 'picture',
  lastsMs: 5000,
  quirks: {
    session: {
      timeoutMs: 2000,
      alive: (request) => request !== null && (!isLater(request.method) || isNew(request)),
    },
    answer: (proper, request) => {
      if (request.method === 'PLAY' && proper.status === 200) {
        return { ...proper, headers: { ...proper.headers, Session: `${String(proper.headers?.Session)}${mark}` } }
      }
      if (!isLater(request.method)) return proper
      return isNew(request) ? { status: 200, headers: { Session: request.headers.get('session') ?? '' } } : proper
    },
  },
}
