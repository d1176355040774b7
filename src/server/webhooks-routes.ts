import type { FastifyInstance } from 'fastify'
import { named, object } from './api-schemas.ts'
import { answering, described } from './route.ts'
import type { TestedWebhook, WebhookState } from './webhooks-answers.ts'

/** Shows and tests the webhooks of the configuration. */
export interface WebhooksService {
  list(): readonly WebhookState[]
  /** Posts a test event. Rejects with USAGE for a name that no webhook has. */
  test(name: string): Promise<TestedWebhook>
}

const text = { type: 'string' }
const maybeText = { type: ['string', 'null'] }
const count = { type: 'integer', minimum: 0 }
const list = (items: object) => ({ type: 'array', items })

const delivery = named('WebhookDelivery')({
  atMs: { type: 'integer', description: 'Unix milliseconds' },
  type: { ...text, description: 'Of the event' },
  outcome: { enum: ['taken', 'failed', 'dead', 'withdrawn'] },
  reason: { ...text, description: 'Why it was not taken; empty when it was' },
})
const webhook = named('Webhook')({
  name: text,
  origin: { ...text, description: 'Scheme and host: a path is often a secret' },
  types: list(text),
  rules: { type: ['array', 'null'], items: text, description: 'Of the rules only these; null: all' },
  waiting: { ...count, description: 'Events on disk' },
  absence: { ...maybeText, description: 'Why it takes nothing now' },
  deliveries: { ...list(delivery), description: 'The last fifty attempts of this run, the newest first' },
})

/** Adds the routes of webhooks. A test needs `operate`, because it reaches out to somebody else's machine. */
export const webhooksRoutes = (app: FastifyInstance, service: WebhooksService): void => {
  app.get(
    '/api/webhooks',
    described({ scope: 'read', summary: 'The webhooks and how they do', answer: object({ webhooks: list(webhook) }) }),
    answering(() => ({ webhooks: service.list() })),
  )
  app.post(
    '/api/webhooks/:name/test',
    described({
      scope: 'operate',
      summary: 'Posts one signed test event of the type rollcall.webhook.tested.v1 to a webhook, at once',
      answer: object({ isTaken: { type: 'boolean' }, reason: text, tookMs: count }),
    }),
    answering(({ params }) => service.test((params as { readonly name: string }).name)),
  )
}
