import { mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tailWebSocket } from '../../../src/commands/events/tail-web-socket.ts'
import { openClient } from '../../../src/commands/people/open-client.ts'
import { defaultConfig } from '../../../src/config/config.ts'
import { announce } from '../../../src/identity/store/running.ts'
import { openServer, people } from '../../server/open-server.ts'

test('the Rollcall that has a state directory open is asked by its own certificate; elsewhere the file is named', async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'rollcall-own-certificate-'))
  onTestFinished(() => rm(stateDirectory, { recursive: true }))
  const certificateDirectory = join(stateDirectory, 'tls')
  mkdirSync(certificateDirectory)
  const { server } = await openServer({ tls: 'auto' }, { certificateDirectory })
  announce(stateDirectory, { pid: process.pid, url: server.url })
  const options = { topics: [], token: null, print: async () => undefined, signal: new AbortController().signal }
  await expect(tailWebSocket(`${server.url.replace('https', 'wss')}/ws`, options)).rejects.toMatchObject({
    remedy: expect.stringContaining('tls/cert.pem'),
  })
  const client = await openClient({ config: defaultConfig(), url: undefined, stateDirectory, token: null })
  expect((await client.list()).map(({ id }) => id)).toEqual(people.map(({ id }) => id))
  await client.close()
})
