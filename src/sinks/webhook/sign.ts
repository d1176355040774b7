import { createHmac } from 'node:crypto'

/** One message of a webhook. */
export interface Message {
  /** The same for every attempt: receivers drop repeats by it. */
  readonly id: string
  readonly body: Buffer
}

/**
 * The headers of a message by the scheme of Standard Webhooks: `v1,` and the HMAC-SHA256 of `id.timestamp.body`. `secret` is
 * `whsec_` and base64. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const signed = ({ id, body }: Message, secret: string, nowMs: number): Readonly<Record<string, string>> => {
  const seconds = String(Math.floor(nowMs / 1000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const hmac = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body)
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${hmac.digest('base64')}` }
}
