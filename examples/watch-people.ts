/**
 * Prints who comes and goes, from a WebSocket, and comes back without a gap when the connection is lost:
 *
 *   ROLLCALL_TOKEN=… npx node examples/watch-people.ts http://127.0.0.1:8080
 *
 * The token is needed beyond loopback only. What is printed is one line of JSON an event.
 */
import { connect } from '@rollcall/client'

const client = connect({
  url: process.argv[2] ?? 'http://127.0.0.1:8080',
  token: process.env.ROLLCALL_TOKEN,
  subscribe: { topics: ['people', 'sightings'] },
})

const print = (line: object): void => console.log(JSON.stringify(line))

client.onStatus((status) => {
  if (status.state === 'waiting') console.error(`${status.why}; next try in ${Math.round(status.retryInMs)} ms`)
  if (status.state !== 'refused') return
  console.error(`refused (${status.why}): give a token with the scope read in ROLLCALL_TOKEN`)
  process.exit(1)
})
client.onSnapshot(({ reason, snapshot }) => print({ type: 'snapshot', reason, people: snapshot.people }))
client.onEvent(({ type, time, data }) => {
  if (type.startsWith('rollcall.track.') || !('person' in data)) return
  // An alias may have been merged again meanwhile: `people` knows whom it stands for now.
  print({ type, time, person: client.people.resolve(data.person), data })
})
