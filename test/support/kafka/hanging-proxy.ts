import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Requests of the Kafka protocol by their number (https://kafka.apache.org/protocol#protocol_api_keys). */
export const requests = {
  Produce: 0,
  Metadata: 3,
  SaslHandshake: 17,
  ApiVersions: 18,
  CreateTopics: 19,
  InitProducerId: 22,
} as const

/** Stands before a broker that advertises this port, and swallows requests of the kinds that it is told to. */
export interface HangingProxy {
  readonly port: number
  /** The broker's own port, which is known only once the broker is there. */
  leadTo(port: number): void
  swallow(...kinds: readonly (keyof typeof requests)[]): void
  /** How many requests were swallowed. */
  readonly swallowed: () => number
  close(): void
}

/** Divides what a client sends into requests: each has four bytes of length, then two of its kind. */
const requestsOf = (onRequest: (request: Buffer, kind: number) => void): ((chunk: Buffer) => void) => {
  let pending = Buffer.alloc(0)
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 6 && pending.length >= 4 + pending.readInt32BE(0)) {
      const request = pending.subarray(0, 4 + pending.readInt32BE(0))
      pending = pending.subarray(request.length)
      onRequest(request, request.readInt16BE(4))
    }
  }
}

/** Starts one on loopback that passes everything on. */
export const startHangingProxy = async (): Promise<HangingProxy> => {
  let broker = 0
  let swallowed = 0
  let kinds: ReadonlySet<number> = new Set()
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(broker, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket)
          client.destroy()
          upstream.destroy()
        })
    }
    upstream.pipe(client)
    client.on(
      'data',
      requestsOf((request, kind) => {
        if (kinds.has(kind)) swallowed++
        else upstream.write(request)
      }),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (port) => {
      broker = port
    },
    swallow: (...names) => {
      kinds = new Set(names.map((name) => requests[name]))
    },
    swallowed: () => swallowed,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
