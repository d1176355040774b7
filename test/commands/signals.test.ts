import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'

/** A program that obeys signals, and needs a second to end in order, with code 7. */
const program = `
  import { obeySignals } from '${join(import.meta.dirname, '../../src/commands/signals.ts')}'
  const log = { error: console.error, debug: () => {} }
  const stop = () => { console.log('stopping'); setTimeout(() => process.exit(7), 1000) }
  obeySignals({ stop }, { endWithinMs: 10_000, reload: async () => {}, log })
  setInterval(() => {}, 1000)
  console.log('ready')`

const started = async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return { child, ended: once(child, 'exit').then(([code]) => code as number) }
}

test('one that comes twice at once, as of timeout, is one request', async () => {
  const { child, ended } = await started()
  // Two of a kind may become one on their way.
  child.kill('SIGTERM')
  child.kill('SIGINT')
  expect(await ended).toBe(7)
})

test('a second one that comes later ends it at once', async () => {
  const { child, ended } = await started()
  child.kill('SIGTERM')
  await sleep(500)
  child.kill('SIGTERM')
  expect(await ended).toBe(130)
})
