import type { Socket } from 'node:net'
import type { ParameterSets } from './annex-b.ts'
import type { RtspAuth } from './auth.ts'
import type { Loop, LoopCodec, NalCodec } from './loop.ts'
import type { SenderReport } from './rtcp.ts'
import type { Payload } from './rtp.ts'
import type { RtspRequest, RtspResponse } from './rtsp-message.ts'
import type { PortPair } from './transport.ts'

/** All in which a simulated camera differs from a good one. Every hook may be absent; none keeps anything itself. */
export interface Quirks {
  /** Does everything itself with each new connection: there is no RTSP server at all. */
  readonly serve?: (socket: Socket) => void
  readonly auth?: RtspAuth
  readonly session?: SessionQuirks
  /**
   * Changes an answer. Gets the one that a good server would give, and returns what is sent; null sends nothing. When
   * the status changes, what the request asked for does not happen.
   */
  readonly answer?: (proper: RtspResponse, request: RtspRequest, past: Past) => RtspResponse | null
  /** Changes the session description, line by line, without line ends. */
  readonly sdp?: (lines: readonly string[], described: Described) => readonly string[]
  readonly transport?: TransportQuirks
  readonly rtp?: RtpQuirks
  readonly clock?: ClockQuirks
  /** The RTCP packets, in place of a sender report with a name. */
  readonly rtcp?: (report: SenderReport) => readonly Buffer[]
  /**
   * Every client gets the pictures at once, from so many seconds of the footage on for the first one, whether or not there is
   * a key frame. By default they get them from a key frame on.
   */
  readonly joinsAtS?: number
  /** Changes the footage, before it is divided into packets. */
  readonly loop?: (loop: Loop) => Loop
}

/** What a connection has been asked before the present request. */
export interface Past {
  /** The last 32, oldest first. */
  readonly requests: readonly RtspRequest[]
  /** Which connection to the server it is, from 0. */
  readonly connection: number
}

/** How long a session lives, and how many there may be. */
export interface SessionQuirks {
  /** A client without a sign of life is dropped after so long, milliseconds. It defaults to the server's. */
  readonly timeoutMs?: number
  /** Whether a request is a sign of life; null stands for a receiver report. By default all are. */
  readonly alive?: (request: RtspRequest | null) => boolean
  /** The most sessions of the whole server; more get 453. */
  readonly most?: number
  /** A connection that ends without TEARDOWN keeps its session for so long, milliseconds. It defaults to 0. */
  readonly keptMs?: number
  /** After such an end the session goes on sending for so long, milliseconds, into the next connection. */
  readonly sendsOnMs?: number
  /** The session has no name: what comes without one is for the only session of its connection. */
  readonly unnamed?: boolean
  /** How long a connection stands after PLAY, milliseconds; null: as long as its client wants. `connection` counts from 0. */
  readonly endsAfterMs?: (connection: number) => number | null
}

/** One RTP packet on its way, without interleaved header. */
export interface Packet {
  /** Interleaved channel; it means nothing over UDP. */
  readonly channel: number
  readonly bytes: Buffer
  /** Sent so much later, milliseconds. It defaults to 0. */
  readonly afterMs?: number
}

/** What happens to packets. */
export interface TransportQuirks {
  /** The interleaved channels on which it really sends, which the answer to SETUP names. */
  readonly channels?: (asked: PortPair) => PortPair
  /**
   * Called at SETUP with a seeded source of numbers from 0 to 1. What it returns gets the packets of each picture.
   */
  readonly packets?: (random: () => number, over: 'tcp' | 'udp') => (packets: readonly Packet[]) => readonly Packet[]
}

/** One picture that becomes packets. */
export interface Picture {
  readonly codec: NalCodec
  readonly key: boolean
  /** From 0, in decoding order. */
  readonly index: number
  readonly sets: ParameterSets
}

/** How pictures become packets. */
export interface RtpQuirks {
  /** The most payload bytes in a packet. It defaults to 1400. */
  readonly maxBytes?: number
  /** It defaults to 96. */
  readonly payloadType?: number
  /**
   * Of JPEG: the quality by which a client is to make its quantisation tables, 1 to 99 (RFC 2435, 4.2). By default the tables
   * come with each picture.
   */
  readonly jpegQuality?: number
  /** Changes the NAL units of a picture; a key picture begins with its parameter sets. */
  readonly nals?: (nals: readonly Uint8Array[], picture: Picture) => readonly Uint8Array[]
  /** Divides NAL units into payloads in place of RFC 6184 and RFC 7798. */
  readonly payloads?: (nals: readonly Uint8Array[], picture: Picture) => readonly Payload[]
  /** Whether a packet has the marker bit: `i` of `count`, from 0. By default the last one has. */
  readonly marker?: (i: number, count: number, payload: Payload) => boolean
}

/** What the clocks of the camera show. `us` are microseconds since PLAY. */
export interface ClockQuirks {
  /** The media time of which the RTP time stamp tells, microseconds. */
  readonly media?: (us: number) => number
  /** The wall clock in sender reports, Unix milliseconds; `unixMs` is the right one. */
  readonly ntp?: (unixMs: number, us: number) => number
  /** Milliseconds between sender reports; null sends none. It defaults to 1000. */
  readonly reportEveryMs?: number | null
  /** The offset of the RTP time stamps. It defaults to a random one. */
  readonly timestampOffset?: number
}

/** What is described, for a change of the description. */
export interface Described {
  readonly codec: LoopCodec
  readonly sets: ParameterSets
  /** The URL that was asked for, without credentials. */
  readonly url: string
}
