import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import type { CameraFailure } from '../../../src/ingest/camera-failure.ts'
import { parseCameraUrl } from '../../../src/ingest/camera-url.ts'
import { listenFor } from '../../../src/ingest/relay/listen.ts'
import type { SeenLogins } from '../../../src/ingest/relay/login.ts'
import type { OpenRelay } from '../../../src/ingest/relay/loopback.ts'
import { Refused } from '../../../src/ingest/relay/rtsp-failures.ts'
import { placeOf, type RelayTarget } from '../../../src/ingest/relay/target.ts'

/** What a relay is to do with a camera's URL. */
const targetOf = (url: string, more: Partial<RelayTarget> = {}): RelayTarget => {
  const parsed = parseCameraUrl(url)
  if (parsed.kind !== 'rtsp' && parsed.kind !== 'http') throw new Error(`${url} is no camera on the network`)
  return {
    kind: parsed.kind,
    location: parsed.location,
    credentials: parsed.credentials,
    tlsVerify: true,
    redirectHosts: [],
    transport: 'tcp',
    answerMs: 2000,
    pictureEveryMs: 1,
    ...more,
  }
}

/** A relay that stands, or why it does not. */
export interface Asked {
  readonly relay: OpenRelay | null
  readonly refused: CameraFailure | null
  /** The first failure or suspicion after it stood. */
  readonly failed: Promise<CameraFailure>
}

/** Opens a relay, which is closed with the test. */
export const ask = async (
  url: string,
  more: Partial<RelayTarget> = {},
  seen: SeenLogins = { digest: false, inClear: false },
): Promise<Asked> => {
  const failed = Promise.withResolvers<CameraFailure>()
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  const hears = {
    failed: failed.resolve,
    suspect: failed.resolve,
    lost: () => {},
    encrypted: () => {},
    heard: () => {},
  }
  try {
    const relay = await listenFor(targetOf(url, more), seen, hears, ending.signal)
    onTestFinished(() => relay.close())
    return { relay, refused: null, failed: failed.promise }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { relay: null, refused: error.failure, failed: failed.promise }
  }
}

/** Why a camera is refused before GStreamer is started. */
export const refusalOf = async (...asked: Parameters<typeof ask>): Promise<CameraFailure> => {
  const { refused } = await ask(...asked)
  if (refused === null) throw new Error(`${asked[0]} was not refused`)
  return refused
}

/** Does with a relay what GStreamer does, by hand: sends each request, and gives the statuses. */
export const speakRtsp = async (
  { location, secret }: OpenRelay,
  methods: readonly string[],
  agent: string = secret,
): Promise<{ readonly statuses: readonly string[]; readonly text: () => string; readonly closed: Promise<void> }> => {
  const { host, port } = placeOf(location)
  const socket = connect(port, host)
  onTestFinished(() => void socket.destroy())
  let text = ''
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()).on('error', () => {}))
  const statuses: string[] = []
  let answered = Promise.withResolvers<void>()
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    answered.resolve()
  })
  for (const [i, method] of methods.entries()) {
    answered = Promise.withResolvers()
    const before = text.length
    const transport = method === 'SETUP' ? 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n' : ''
    socket.write(`${method} ${location} RTSP/1.0\r\nCSeq: ${i}\r\nUser-Agent: ${agent}\r\n${transport}\r\n`)
    await Promise.race([answered.promise, closed])
    statuses.push(/^RTSP\/1.0 (\d+)/.exec(text.slice(before))?.[1] ?? 'none')
  }
  return { statuses, text: () => text, closed }
}
