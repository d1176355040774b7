import { get } from 'node:http'
import { get as getWithTls } from 'node:https'
import { describeError } from '../errors.ts'
import type { Readiness } from './readiness.ts'

/** Whether this process is alive, as far as a new start would cure it: null, or why not, for people. */
export type Health = () => Promise<string | null>

/** What is looked at. */
export interface HealthParts {
  /** Of the own server; null when HTTP is off. */
  readonly url: string | null
  /** Reads from the people's database; throws when that cannot be. */
  readonly read: () => unknown
  /** What the vision processes do. */
  readonly vision: () => Pick<Readiness, 'ready' | 'reasons'>
  /** Milliseconds since any moment, which never jump. */
  readonly elapsedMs: () => number
}

/** A model on a slow disk, a driver that comes back: the supervisor starts vision processes again meanwhile. */
export const visionPatienceMs = 300_000
const answerWithinMs = 5000

/**
 * Looks at the real thing each time: the server answers over its socket, the database can be read, and vision has done its work
 * within five minutes. A camera, broker, receiver or events file that is away does not count: a new start changes nothing there.
 */
export const createHealth = ({ url, read, vision, elapsedMs }: HealthParts): Health => {
  let wellAtMs = elapsedMs()
  return async () => {
    const { ready, reasons } = vision()
    if (ready) wellAtMs = elapsedMs()
    else if (elapsedMs() - wellAtMs > visionPatienceMs) return reasons.join('; ')
    try {
      read()
    } catch (error) {
      return describeError(error)
    }
    return url === null ? null : answers(`${url}/healthz`)
  }
}

/** Null when the own server answers 200. Its certificate may be for another name, so it is not looked at. */
const answers = (url: string): Promise<string | null> =>
  new Promise((resolve) => {
    const options = { agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(answerWithinMs) }
    const ask = url.startsWith('https:') ? getWithTls : get
    ask(url, options, (response) => {
      response.resume()
      resolve(response.statusCode === 200 ? null : `the own server answers ${response.statusCode}`)
    }).on('error', (error) => resolve(`the own server does not answer: ${error.message}`))
  })
