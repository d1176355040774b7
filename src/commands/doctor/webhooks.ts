import type { Config } from '../../config/config.ts'
import { createReceiver } from '../../sinks/webhook/post.ts'
import type { Finding } from './finding.ts'

/** Whether somebody answers at the URL of each webhook, and may be posted to. Posts nothing. */
export const checkWebhooks = ({ sinks }: Pick<Config, 'sinks'>): Promise<Finding[]> =>
  Promise.all(
    Object.entries(sinks.webhooks).map(async ([name, options]): Promise<Finding> => {
      const receiver = createReceiver(options, Date.now)
      // The path is often a secret.
      const what = `webhook ${name} (${new URL(options.url).origin})`
      try {
        const why = await receiver.reach()
        if (why === null) return { verdict: 'good', what, detail: 'answers; nothing was posted' }
        const fix = `check sinks.webhooks.${name}.url and allow; events wait on disk meanwhile`
        return { verdict: 'bad', what, detail: why, fix }
      } finally {
        receiver.close()
      }
    }),
  )
