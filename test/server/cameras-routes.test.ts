import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { CameraTest } from '../../src/server/camera-answers.ts'
import type { CamerasService } from '../../src/server/cameras-routes.ts'
import { openServer } from './open-server.ts'

const nothing: CameraTest = { ok: true, failure: null, picture: null, size: null, facts: [], advice: [] }

/** A service of which only tests are asked for. */
const testing = (run: CamerasService['test']): CamerasService => ({
  keysSchema: {},
  list: () => ({ cameras: [], file: null, kept: false, problems: [] }),
  show: (name) => {
    throw new Error(`nobody asks for ${name}`)
  },
  add: async () => undefined,
  edit: async () => undefined,
  remove: async () => undefined,
  pause: async () => undefined,
  test: run,
})

const post = ({ url }: { readonly url: string }, agent: Agent, body: object) => {
  const headers = { 'content-type': 'application/json' }
  const sent = request(`${url}/api/cameras/test`, { method: 'POST', agent, headers })
  sent.end(JSON.stringify(body))
  return sent
}

test('a client that leaves ends its test; one connection asks for any number of tests and nothing is left on it', async () => {
  const asked: AbortSignal[] = []
  const { promise: begun, resolve: begin } = Promise.withResolvers<AbortSignal>()
  const { server } = await openServer(
    {},
    {
      camerasService: testing(async (camera, _, signal) => {
        asked.push(signal)
        if (camera !== undefined) return nothing
        begin(signal)
        await once(signal, 'abort')
        return nothing
      }),
    },
  )
  const leaver = post(server, new Agent(), {}).on('error', () => undefined)
  const signal = await begun
  expect(signal.aborted).toBe(false)
  const ended = once(signal, 'abort')
  leaver.destroy()
  await ended

  const warnings: string[] = []
  const hear = ({ name }: Error): void => void warnings.push(name)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const ports = new Set<number | undefined>()
  for (let i = 0; i < 12; i++) {
    const sent = post(server, agent, { camera: 'door' })
    const [response] = await once(sent, 'response')
    ports.add(sent.socket?.localPort)
    response.resume()
    await once(response, 'end')
  }
  expect(ports.size, 'one connection').toBe(1)
  expect(asked).toHaveLength(13)
  expect(warnings).toEqual([])
})
