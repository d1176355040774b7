import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { onTestFinished } from 'vitest'

/** A message that a broker has got. */
export interface Got {
  readonly topic: string
  readonly text: string
  readonly retain: boolean
  readonly qos: number
}

/**
 * A real MQTT broker on loopback that notes what it gets, and can be killed and started again on its port, with nothing kept.
 * It closes the connection on what `mayPublish` refuses, and never acknowledges what that gives null for.
 */
export const startBroker = async (
  mayLogIn: (user: string, password: string) => boolean = () => true,
  mayPublish: (topic: string) => boolean | null = () => true,
) => {
  const got: Got[] = []
  /** What a client that subscribes now would get. */
  const retained = new Map<string, string>()
  const sockets = new Set<Socket>()
  let port = 0
  const start = async () => {
    const aedes = await Aedes.createBroker()
    aedes.authenticate = (_, user, password, done) => done(null, mayLogIn(user ?? '', String(password ?? '')))
    aedes.authorizePublish = (_, { topic }, done) => {
      const may = mayPublish(topic)
      if (may !== null) done(may ? null : new Error('not allowed'))
    }
    aedes.on('publish', ({ topic, payload, retain, qos }, client) => {
      if (topic.startsWith('$SYS')) return
      const text = String(payload)
      // A will comes from no client.
      got.push({ topic, text, retain, qos })
      if (!retain && client) return
      if (text === '') retained.delete(topic)
      else retained.set(topic, text)
    })
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
      aedes.handle(socket)
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
    return { aedes, server }
  }
  let running: Awaited<ReturnType<typeof start>> | null = await start()
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const kill = async (): Promise<void> => {
    if (!running) return
    const { aedes, server } = running
    running = null
    retained.clear()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    cut()
    await closed
    await new Promise<void>((resolve) => aedes.close(() => resolve()))
  }
  onTestFinished(kill)
  return {
    url: `mqtt://127.0.0.1:${port}`,
    got,
    retained,
    kill,
    /** Ends all connections, as a network that breaks. */
    cut,
    again: async (): Promise<void> => {
      running = await start()
    },
    on: (topic: string): readonly string[] => got.flatMap((one) => (one.topic === topic ? one.text : [])),
  }
}
