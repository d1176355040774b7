import type { CameraFailure } from '../camera-failure.ts'
import type { RtspProblem } from './rtsp-reader.ts'
import { placeOf } from './target.ts'

const network = 'Check the camera and the network between here and it.'
const isIt = 'Check that its URL leads to the camera, and update the firmware of the camera.'

/** Ends an exchange with a camera; the failure says why. */
export class Refused extends Error {
  readonly failure: CameraFailure
  constructor(failure: CameraFailure) {
    super(failure.says)
    this.failure = failure
  }
}

/**
 * The camera did not begin to send within `answerMs`. `method` is the request that waits, null before the connection
 * stood; `heard` is whether anything ever came.
 */
export const tooSlow = (place: string, answerMs: number, method: string | null, heard: boolean): CameraFailure => {
  const within = `within ${answerMs / 1000} s`
  if (method === null) {
    return {
      code: 'CAMERA_TIMEOUT',
      says: `${place} cannot be reached: no connection ${within}`,
      remedy: 'Check that the camera is on, its address and port, and the firewall.',
    }
  }
  const says = heard ? `does not answer ${method} ${within}` : `accepts the connection and says nothing ${within}`
  return { code: 'CAMERA_TIMEOUT', says: `${place} ${says}`, remedy: `${network} Restart the camera if this goes on.` }
}

/** The camera has closed a connection on which it had spoken. */
export const endedBy = (place: string): CameraFailure => ({
  code: 'CAMERA_LOST',
  says: `${place} closed the connection`,
  remedy: `${network} Cameras also do this when they restart, or have too many viewers.`,
})

/** The camera has sent the request REDIRECT (RFC 2326 10.10). */
export const sentAway = (place: string, location: string | undefined): CameraFailure => ({
  code: 'CAMERA_LOST',
  says: `${place} asks to be left for ${location === undefined ? 'another place' : placeOf(location).name}`,
  remedy: 'It is opened again; if this goes on, give the URL at which the stream is.',
})

/** The camera sends requests, and leaves the answers unread. */
export const readsNothing = (place: string): CameraFailure => ({
  code: 'CAMERA_FORMAT',
  says: `${place} asks for more than it reads the answers to`,
  remedy: isIt,
  retry: 'rarely',
})

/** What came cannot be read as RTSP. */
export const badAnswer = (place: string, problem: RtspProblem): CameraFailure => {
  const fail = (says: string, remedy: string): CameraFailure => ({
    code: 'CAMERA_FORMAT',
    says: `${place} ${says}`,
    remedy,
    retry: 'rarely',
  })
  if (problem.what !== 'protocol') {
    const what = problem.what === 'head' ? 'sends a header' : 'announces an answer'
    return fail(`${what} of more than ${problem.limit} bytes`, isIt)
  }
  if (problem.begins.startsWith('HTTP/')) {
    return fail('speaks HTTP at this port, no RTSP', 'Use its RTSP port (usually 554), or write http://.')
  }
  return fail('speaks no RTSP at this port', 'Use its RTSP port (usually 554); a port with TLS needs rtsps://.')
}
