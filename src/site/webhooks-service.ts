import type { Config } from '../config/config.ts'
import { RollcallError } from '../errors.ts'
import type { WebhooksService } from '../server/webhooks-routes.ts'
import type { WebhookSink } from '../sinks/webhook/webhook-sink.ts'

/** Shows and tests webhooks. `sinks` are those of the configuration that are open, by name. */
export const createWebhooksService = (
  webhooks: Config['sinks']['webhooks'],
  sinks: ReadonlyMap<string, WebhookSink>,
): WebhooksService => ({
  list: () =>
    [...sinks].flatMap(([name, sink]) => {
      const options = webhooks[name]
      if (options === undefined) return []
      return {
        name,
        origin: new URL(options.url).origin,
        types: options.types,
        rules: options.rules,
        waiting: sink.waiting(),
        absence: sink.absence(),
        deliveries: sink.deliveries(),
      }
    }),
  test: async (name) => {
    const sink = sinks.get(name)
    if (sink !== undefined) return sink.tryOut()
    throw new RollcallError('USAGE', `there is no webhook ${JSON.stringify(name)}`, {
      remedy: 'GET /api/webhooks lists them; they stand in sinks.webhooks of the configuration.',
    })
  },
})
