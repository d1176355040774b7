import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import type { CameraFailure } from '../camera-failure.ts'
import type { RtspMessage } from './rtsp-reader.ts'

/** Who hears how a relayed camera does. */
export interface RelayListener {
  /** The camera is at fault, and its connection is over. */
  readonly failed: (failure: CameraFailure) => void
  /** May be the reason when GStreamer gives up. */
  readonly suspect: (failure: CameraFailure) => void
  /** The segments are encrypted with a key that the playlist names (AES-128), so that no video may mean a wrong key. */
  readonly encrypted: () => void
  /** Something of the stream is missing, and it goes on: half a sentence that says what, without credentials. */
  readonly lost: (what: string) => void
  /** Something came from the camera. */
  readonly heard: () => void
  /** Hears what passes, when somebody looks into an RTSP camera (`doctor`). */
  readonly tap?: RtspTap
}

/** Who looks at what an RTSP camera sends. Must not change it, nor wait. */
export interface RtspTap {
  /** The answer to DESCRIBE, as the camera has sent it. */
  readonly described: (answer: RtspMessage) => void
  /** Whole interleaved packets with their `$` heads: RTP and RTCP over TCP. */
  readonly packets: (bytes: Buffer) => void
}

/** A relay that listens. */
export interface OpenRelay {
  /** The URL for GStreamer. */
  readonly location: string
  /** The User-Agent by which GStreamer is known; other programs of this machine are cut off. */
  readonly secret: string
  /** Whether the camera answers with an HLS playlist. */
  readonly isPlaylist: boolean
  /** Cuts every connection. Idempotent. */
  close(): void
}

/** What only GStreamer is told, 144 bits. */
export const newSecret = (): string => randomBytes(18).toString('base64url')

/** The port on which a server listens from now on. */
export const portOf = async (server: Server, host: string): Promise<number> => {
  server.listen(0, host.replace(/[[\]]/g, ''))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
