import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'

/** A request that a receiver has got. */
export interface Got {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly id: string
  readonly event: RollcallEvent
}

/** A real receiver on loopback that answers as `answer` says, and can be killed and started again on its port. */
export const startReceiver = async (answer: (got: Got) => number) => {
  const got: Got[] = []
  const taken: Got[] = []
  const make = (): Server =>
    createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('error', () => undefined)
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        const one = {
          headers: request.headers,
          body,
          id: String(request.headers['webhook-id']),
          event: JSON.parse(body),
        }
        got.push(one)
        const status = answer(one)
        if (status < 300) taken.push(one)
        response.writeHead(status, status >= 300 && status < 400 ? { location: 'http://127.0.0.1:1/' } : {}).end('{}')
      })
    })
  let server = make()
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const kill = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  onTestFinished(() => (server.listening ? kill() : undefined))
  return {
    url: `http://127.0.0.1:${port}/hook`,
    got,
    taken,
    kill,
    again: async (): Promise<void> => {
      server = make()
      await listen(port)
    },
  }
}
