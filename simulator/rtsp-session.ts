import type { Socket } from 'node:net'
import { seededRandom } from '../src/math/seeded-random.ts'
import type { CameraSource } from './camera.ts'
import { oddSender } from './odd-sender.ts'
import { type PacketSender, tcpSender, type UdpPair, udpSender } from './packet-sender.ts'
import type { RtpState } from './rtp.ts'
import type { PortPair, Transport } from './transport.ts'
import { createViewer, type Viewer } from './viewer.ts'

/**
 * One SETUP: a client's right to the packets of one camera. Owned by its connection, which pauses it when it closes.
 */
export interface RtspSession {
  readonly id: string
  readonly source: CameraSource
  readonly state: RtpState
  /** The interleaved channels for RTP and RTCP; null on UDP. */
  readonly channels: PortPair | null
  /** The client's RTCP port; null on TCP. */
  readonly rtcpPort: number | null
  /** The Transport header of the answer. */
  readonly transport: string
  playing(): boolean
  play(): void
  pause(): void
  /** Goes on in another connection (`sendsOnMs` of the quirks). */
  moveTo(socket: Socket): void
}

/** What a session needs. Its connection owns all of it. */
export interface SessionParts {
  readonly source: CameraSource
  readonly socket: Socket
  readonly udp: UdpPair
  readonly maxBufferBytes: number
  readonly randomBytes: (count: number) => Buffer
}

/**
 * Creates a session with random identifiers. `busy` are the interleaved channels of the connection's other sessions.
 */
export const createSession = (parts: SessionParts, wanted: Transport, busy: ReadonlySet<number>): RtspSession => {
  const { source, udp, randomBytes } = parts
  const { quirks = {} } = source.options
  let socket = parts.socket
  const random = randomBytes(10)
  const state: RtpState = {
    ssrc: random.readUInt32BE(0),
    timestampOffset: quirks.clock?.timestampOffset ?? random.readUInt32BE(4),
    sequence: random.readUInt16BE(8),
    packets: 0,
    octets: 0,
  }
  const ssrc = `ssrc=${state.ssrc.toString(16).padStart(8, '0').toUpperCase()}`
  let sender: PacketSender
  let channels: PortPair | null = null
  let transport: string
  if (wanted.kind === 'tcp') {
    let free = 0
    while (busy.has(free) || busy.has(free + 1)) free += 2
    const asked: PortPair = wanted.channels ?? [free, free + 1]
    channels = quirks.transport?.channels?.(asked) ?? asked
    sender = tcpSender(
      () => socket,
      channels,
      parts.maxBufferBytes,
      (packet) => source.loses('tcp', packet),
    )
    transport = `RTP/AVP/TCP;unicast;interleaved=${channels.join('-')};${ssrc}`
  } else {
    // Packets go to the client's own address. A `destination` parameter would allow attacks on others.
    sender = udpSender(udp, socket.remoteAddress ?? '127.0.0.1', wanted.ports, (packet) => source.loses('udp', packet))
    const serverPorts = `${udp.rtp.address().port}-${udp.rtcp.address().port}`
    transport = `RTP/AVP;unicast;client_port=${wanted.ports.join('-')};server_port=${serverPorts};${ssrc}`
  }
  const { packets } = quirks.transport ?? {}
  if (packets !== undefined) sender = oddSender(sender, packets(seededRandom(1), wanted.kind))
  let viewer: Viewer | null = null
  return {
    id: randomBytes(8).toString('hex'),
    source,
    state,
    channels,
    rtcpPort: wanted.kind === 'udp' ? wanted.ports[1] : null,
    transport,
    playing: () => viewer !== null,
    play: () => {
      viewer ??= createViewer(state, sender, source.traffic, quirks)
      source.play(viewer, () => socket.destroy())
    },
    pause: () => {
      if (viewer !== null) source.leave(viewer)
      viewer = null
      sender.close()
    },
    moveTo: (next) => {
      socket = next
    },
  }
}
