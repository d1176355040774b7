import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, type RequestOptions, request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { version } from '../../version.ts'
import { checkedLookup, mayReach, refusedAddress } from './address.ts'
import { allowedAddresses, type WebhookOptions } from './options.ts'
import { type Message, signed } from './sign.ts'

/** What came of one attempt. */
export interface Answer {
  readonly isTaken: boolean
  /** Why not, for people; empty when it is taken. */
  readonly reason: string
  /** How long the receiver wants to be left alone; null when it does not say. */
  readonly waitMs: number | null
  /** It says nothing about this message: the receiver takes none now, or too many came (503, 429). */
  readonly isBusy: boolean
}

/** A receiver of messages. */
export interface Receiver {
  /** Posts one message. Never rejects. */
  post(message: Message, signal: AbortSignal): Promise<Answer>
  /** Whether somebody answers HTTP there at all, without posting anything: null, or why not. Never rejects. */
  reach(): Promise<string | null>
  /** Closes its connections. */
  close(): void
}

const failed = (reason: string): Answer => ({ isTaken: false, reason, waitMs: null, isBusy: false })

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now; null for anything else. */
const waitOf = (retryAfter: string | undefined, nowMs: number): number | null => {
  if (retryAfter === undefined) return null
  if (/^\d{1,6}$/.test(retryAfter)) return 1000 * Number(retryAfter)
  const atMs = Date.parse(retryAfter)
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs)
}

/** What an answer means: 2xx took it. A redirect is not followed, because it may lead to where nobody has looked. */
const answerOf = ({ statusCode: status = 0, headers }: IncomingMessage, nowMs: number): Answer => {
  if (status >= 200 && status < 300) return { isTaken: true, reason: '', waitMs: null, isBusy: false }
  const reason =
    status >= 300 && status < 400 ? `it answers ${status}, and redirects are not followed` : `it answers ${status}`
  const waitMs = waitOf(headers['retry-after'], nowMs)
  return { isTaken: false, reason, waitMs, isBusy: status === 429 || status === 503 }
}

/** A body of this size is read, so that the connection can be used again; a larger one ends it. */
const MOST_BODY_BYTES = 65_536

/** What a receiver says besides is of no use, and may be without end. */
const leaveBody = (response: IncomingMessage): void => {
  let bytes = 0
  response.on('error', () => undefined)
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MOST_BODY_BYTES) response.destroy()
  })
}

/** Connects when there is something to post. Connections are its own: what one webhook may reach, another may not. */
export const createReceiver = (options: WebhookOptions, nowMs: () => number): Receiver => {
  const url = new URL(options.url)
  const isTls = url.protocol === 'https:'
  const allowed = allowedAddresses(options.allow)
  const keeping = { keepAlive: true, maxSockets: options.parallel, lookup: checkedLookup(allowed) }
  const agent = isTls ? new HttpsAgent(keeping) : new HttpAgent(keeping)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // No name is looked up then.
  const refused = isIP(host) > 0 && !mayReach(host, allowed) ? refusedAddress(host, host) : null
  const agentName = `rollcall/${version()}`

  /** Resolves to the answer, or to why there is none. */
  const ask = (
    more: RequestOptions,
    signals: readonly AbortSignal[],
    body?: Buffer,
  ): Promise<IncomingMessage | string> => {
    if (refused) return Promise.resolve(describe(refused))
    const { promise, resolve } = Promise.withResolvers<IncomingMessage | string>()
    const limit = AbortSignal.timeout(options.timeoutMs)
    const request = isTls ? requestHttps : requestHttp
    const asked = request(url, { agent, signal: AbortSignal.any([...signals, limit]), ...more })
    asked.on('error', (error) => resolve(limit.aborted ? `no answer in ${options.timeoutMs} ms` : describe(error)))
    asked.on('response', (response) => {
      leaveBody(response)
      resolve(response)
    })
    // Nobody asked for another protocol. Without a listener such an answer is no event at all.
    asked.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response)
    })
    asked.on('close', () => resolve('the connection ended without an answer'))
    asked.end(body)
    return promise
  }

  const post: Receiver['post'] = async (message, signal) => {
    const headers = {
      'content-type': 'application/cloudevents+json',
      'content-length': message.body.length,
      'user-agent': agentName,
      ...signed(message, options.secret, nowMs()),
    }
    const answer = await ask({ method: 'POST', headers }, [signal], message.body)
    return typeof answer === 'string' ? failed(answer) : answerOf(answer, nowMs())
  }
  const reach = async (): Promise<string | null> => {
    const answer = await ask({ method: 'HEAD' }, [])
    return typeof answer === 'string' ? answer : null
  }
  return { post, reach, close: () => agent.destroy() }
}

const describe = (error: Error & { readonly remedy?: string | undefined }): string =>
  error.remedy === undefined ? error.message || error.name : `${error.message}. ${error.remedy}`
