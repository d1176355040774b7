import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { webhookOptions } from '../../src/sinks/webhook/options.ts'
import { openWebhook } from '../../src/sinks/webhook/webhook-sink.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { ruleFired } from '../sinks/events.ts'
import { silent } from '../site/site.ts'

const root = resolve(import.meta.dirname, '../..')
const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`

/** The example on a free port. */
const start = async (): Promise<{ readonly child: ChildProcess; readonly url: string }> => {
  const child = spawn(process.execPath, ['examples/webhook-receiver.ts', '0'], {
    cwd: root,
    env: { ...process.env, WEBHOOK_SECRET: secretOf(1) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill())
  let said = ''
  for await (const chunk of child.stderr) {
    said += String(chunk)
    const port = /port: (\d+)/.exec(said)?.[1]
    if (port !== undefined) return { child, url: `http://127.0.0.1:${port}/` }
  }
  throw new Error(`it did not listen: ${said}`)
}

test('the receiver takes what is signed with its secret, once, and refuses the rest', async () => {
  const { child, url } = await start()
  const open = async (name: string, byte: number) => {
    const sink = await openWebhook(name, webhookOptions.parse({ url, secret: secretOf(byte), allow: ['127.0.0.1'] }), {
      isDeleted: () => false,
      directory: temporaryDirectory(),
      metrics: createMetrics(new Registry()),
      log: silent,
      time: { nowMs: Date.now },
    })
    onTestFinished(() => sink.close())
    return sink
  }
  const [forged, right] = [await open('forged', 2), await open('right', 1)]
  if (!child.stdout) throw new Error('no output')
  const lines = createInterface({ input: child.stdout })
  const first = once(lines, 'line')
  await forged.publish([ruleFired('forged', 'p-1')])
  await right.publish([ruleFired('night', 'p-1')])
  expect(JSON.parse(String((await first)[0]))).toEqual(ruleFired('night', 'p-1'))
  expect(forged.waiting()).toBe(1)
})
