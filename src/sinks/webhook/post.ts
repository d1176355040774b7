import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
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

const failed = (reason: string): Answer => ({ isTaken: false, reason, waitMs: null })

/** What an answer means: 2xx took it. A redirect is not followed, because it may lead to where nobody has looked. */
const answerOf = (status: number, retryAfter: string | undefined): Answer => {
  if (status >= 200 && status < 300) return { isTaken: true, reason: '', waitMs: null }
  const reason =
    status >= 300 && status < 400 ? `it answers ${status}, and redirects are not followed` : `it answers ${status}`
  const waitMs = retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? 1000 * Number(retryAfter) : null
  return { isTaken: false, reason, waitMs }
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

  const post: Receiver['post'] = (message, signal) => {
    if (refused) return Promise.resolve(failed(describe(refused)))
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const limit = AbortSignal.timeout(options.timeoutMs)
    const sent = (isTls ? requestHttps : requestHttp)(url, {
      method: 'POST',
      agent,
      signal: AbortSignal.any([signal, limit]),
      headers: {
        'content-type': 'application/cloudevents+json',
        'content-length': message.body.length,
        'user-agent': agentName,
        ...signed(message, options.secret, nowMs()),
      },
    })
    sent.on('error', (error) =>
      resolve(failed(limit.aborted ? `no answer in ${options.timeoutMs} ms` : describe(error))),
    )
    sent.on('response', (response) => {
      leaveBody(response)
      resolve(answerOf(response.statusCode ?? 0, response.headers['retry-after']))
    })
    sent.end(message.body)
    return promise
  }
  const reach = (): Promise<string | null> => {
    if (refused) return Promise.resolve(describe(refused))
    const { promise, resolve } = Promise.withResolvers<string | null>()
    const limit = AbortSignal.timeout(options.timeoutMs)
    const asked = (isTls ? requestHttps : requestHttp)(url, { method: 'HEAD', agent, signal: limit })
    asked.on('error', (error) => resolve(limit.aborted ? `no answer in ${options.timeoutMs} ms` : describe(error)))
    asked.on('response', (response) => {
      leaveBody(response)
      resolve(null)
    })
    asked.end()
    return promise
  }
  return { post, reach, close: () => agent.destroy() }
}

const describe = (error: Error & { readonly remedy?: string | undefined }): string =>
  error.remedy === undefined ? error.message || error.name : `${error.message}. ${error.remedy}`
