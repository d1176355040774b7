import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cameras } from '../../src/commands/cameras.ts'
import { runningRollcall } from '../../src/commands/running-rollcall.ts'
import { announce } from '../../src/identity/store/running.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { calling } from './called.ts'

/** Something that answers as a Rollcall does which was started with cameras on the command line. */
const listening = async (): Promise<string> => {
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        file: null,
        cameras: [
          { camera: 'door', state: 'offline', reason: 'away', source: 'file' },
          { camera: 'gate', state: 'offline', reason: 'away', source: 'state' },
        ],
      }),
    ),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('the Rollcall that has the state directory open is asked, wherever it listens', async () => {
  const url = await listening()
  const home = temporaryDirectory()
  const state = join(home, 'rollcall/site')
  mkdirSync(state, { recursive: true })
  announce(state, { pid: process.pid, url })
  expect(await runningRollcall({ state }, {})).toBe(url)
  expect(await runningRollcall({}, { XDG_STATE_HOME: home })).toBe(url)
  expect(await runningRollcall({ url: 'http://127.0.0.1:9/', state }, {})).toBe('http://127.0.0.1:9')
  const { code, stdout } = await calling(cameras)('list', '--state', state)
  expect([code, stdout]).toEqual([0, 'door  offline: away  (on the command line)\ngate  offline: away  (added)'])
})

test('without one the usual address is asked, but not in place of one that was named', async () => {
  const home = temporaryDirectory()
  expect(await runningRollcall({}, { XDG_STATE_HOME: home })).toBe('http://127.0.0.1:8080')
  // It was killed, or its port is closed.
  announce(home, { pid: process.pid, url: 'http://127.0.0.1:65535' })
  await expect(runningRollcall({ state: home }, {})).rejects.toThrow(/no Rollcall that listens has .* open/)
  await expect(runningRollcall({ state: 'off' }, {})).rejects.toThrow(/no Rollcall that listens/)
})
