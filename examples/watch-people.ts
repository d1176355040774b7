/**
 * Prints who comes and goes, from a WebSocket, and comes back without a gap when the connection is lost:
 *
 *   ROLLCALL_TOKEN=… node examples/watch-people.ts ws://127.0.0.1:8080/ws
 *
 * The token is needed beyond loopback only. What is printed is one line of JSON an event. docs/websocket.md has the protocol.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { createPeople } from './people.ts'

const url = process.argv[2] ?? 'ws://127.0.0.1:8080/ws'
const token = process.env.ROLLCALL_TOKEN
const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }

const people = createPeople()
/** The last event that was dealt with: where to go on after the connection was lost. */
let after: { readonly epoch: string; readonly seq: number } | undefined

/** Until the connection ends; resolves with why. */
const watch = (): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, 'rollcall.v1', { headers })
    let epoch = ''
    let silence: NodeJS.Timeout | undefined
    const send = (message: object): void => socket.send(JSON.stringify(message))
    socket.on('error', () => undefined)
    socket.on('close', (code, reason) => {
      clearTimeout(silence)
      resolve(`${code} ${reason.toString()}`)
    })
    socket.on('message', (text: Buffer) => {
      const message = JSON.parse(text.toString())
      switch (message.type) {
        case 'hello':
          epoch = message.epoch
          // A heartbeat comes this often; without two of them there is nobody at the other end.
          silence = setTimeout(() => socket.terminate(), 2 * message.heartbeatMs)
          send({ type: 'subscribe', topics: ['people', 'sightings'], ...(after && { after }) })
          break
        case 'snapshot':
          after = { epoch: message.epoch, seq: message.seq }
          console.log(JSON.stringify({ type: 'snapshot', reason: message.reason, people: message.snapshot.people }))
          break
        case 'event': {
          const { seq, event } = message
          if (people.apply(event)) {
            const person = people.resolve(event.data.person)
            console.log(JSON.stringify({ type: event.type, time: event.time, person, data: event.data }))
          }
          after = { epoch, seq }
          send({ type: 'ack', seq })
          break
        }
        case 'heartbeat':
          silence?.refresh()
          // Nothing that was asked for is missing up to here.
          after = { epoch, seq: message.seq }
          break
        default:
          // `resumed`, `dropped`, `error`, and what a later Rollcall may say.
          if (message.type === 'error') console.error(message.message)
      }
    })
  })

for (;;) {
  console.error(`connection ended: ${await watch()}`)
  await wait(1000)
}
