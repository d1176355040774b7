import { randomInt } from 'node:crypto'
import { createRequire } from 'node:module'
import type { AddressInfo, Server } from 'node:net'

/**
 * The npm package `rtsp-streaming-server` (GPL-3.0, hence in a process of its own): passes on over UDP the RTP packets that
 * it gets, to viewers with the Basic login `viewer`, `secret`. Arguments: the directory in which the package is installed,
 * then encodings (`H264`). Each is a camera at a path of that name; prints
 * `{"port", "rtpPorts": [one for each]}` when it listens, and ends when its standard input closes.
 */
interface StreamingServer {
  start(): Promise<void>
  readonly ClientServer: { readonly server: Server }
  readonly Mounts: { addMount(url: string, sdp: string, hooks: object): Mount }
}

interface Mount {
  createStream(url: string): object
  setup(): Promise<unknown>
  readonly streams: Readonly<Record<string, { readonly rtpStartPort: number }>>
}

type Create = new (config: object) => StreamingServer

const [, , directory, ...encodings] = process.argv
const { RtspServer } = createRequire(`${directory}/`)('rtsp-streaming-server') as { readonly RtspServer: Create }
const server = new RtspServer({
  serverPort: 0,
  clientPort: 0,
  // Pairs begin at even ports; those that are taken are passed over.
  rtpPortStart: 2 * randomInt(10_000, 14_000),
  rtpPortCount: 64,
  clientServerHooks: { authentication: (user: string, password: string) => user === 'viewer' && password === 'secret' },
})
await server.start()

const sdp = (encoding: string): string =>
  [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=camera',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'm=video 0 RTP/AVP 96',
    `a=rtpmap:96 ${encoding}/90000`,
    'a=control:streamid=0',
    '',
  ].join('\r\n')

/** What a publisher would have done with ANNOUNCE, SETUP and RECORD. */
const publish = async (encoding: string): Promise<number> => {
  const mount = server.Mounts.addMount(`rtsp://127.0.0.1/${encoding}`, sdp(encoding), {})
  mount.createStream(`rtsp://127.0.0.1/${encoding}/streamid=0`)
  await mount.setup()
  return mount.streams[0]?.rtpStartPort ?? 0
}

const rtpPorts: number[] = []
for (const encoding of encodings) rtpPorts.push(await publish(encoding))
console.log(JSON.stringify({ port: (server.ClientServer.server.address() as AddressInfo).port, rtpPorts }))
process.stdin.on('end', () => process.exit()).resume()
