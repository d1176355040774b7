import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { type Broker, startBroker } from './broker.ts'

/** What a test needs of a broker that it shares: it is neither killed nor closed, and each test has topics of its own. */
export type SharedBroker = Pick<Broker, 'plain' | 'secure' | 'ca' | 'data'>

declare module 'vitest' {
  export interface ProvidedContext {
    readonly brokerUrl: string
  }
}

/** Vitest's global setup: a broker for all test files, started when the first one asks, and closed at the end. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  let broker: Promise<Broker> | undefined
  const server = createServer((_, response) => {
    // Nobody kills it, and on a busy machine it may stand still for long.
    broker ??= startBroker(null, 60_000)
    broker.then(
      ({ plain, secure, ca, data }) => response.end(JSON.stringify({ plain, secure, ca, data })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  project.provide('brokerUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.close()
    await (await broker?.catch(() => undefined))?.close()
  }
}

/** The broker that all tests of this run share. Rejects when it cannot be started. */
export const sharedBroker = async (): Promise<SharedBroker> => {
  const response = await fetch(inject('brokerUrl'))
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as SharedBroker
}
