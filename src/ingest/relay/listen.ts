import { createServer, isIPv6 } from 'node:net'
import { listenHttp } from './http-relay.ts'
import type { SeenLogins } from './login.ts'
import { newSecret, type OpenRelay, portOf, type RelayListener } from './loopback.ts'
import { type PreparedCamera, prepareCamera } from './rtsp-prepare.ts'
import { relayRtsp } from './rtsp-session.ts'
import { placeOf, type RelayTarget } from './target.ts'

/** `auto` connects twice: for UDP, then for TCP. */
const CONNECTIONS = 4
/** A camera has `answerMs` to describe itself, and so many times as long for the way to PLAY, GStreamer's start included. */
const wholeWay = 1.3

/**
 * Opens a relay to one camera on a port of the loopback interface, once the camera has answered. Rejects with `Refused`
 * when the camera is at fault, and with Node's error when no port is left. `signal` gives up.
 */
export const listenFor = (
  target: RelayTarget,
  seen: SeenLogins,
  hears: RelayListener,
  signal: AbortSignal,
): Promise<OpenRelay> =>
  target.kind === 'rtsp' ? listenRtsp(target, seen, hears, signal) : listenHttp(target, seen, hears, signal)

const listenRtsp = async (
  target: RelayTarget,
  seen: SeenLogins,
  hears: RelayListener,
  signal: AbortSignal,
): Promise<OpenRelay> => {
  const startedAtMs = performance.now()
  let prepared: PreparedCamera | null = await prepareCamera(target, seen, { ...hears, signal })
  const first = prepared.camera
  first.listener = { packets: () => true, heard: hears.heard, failed: hears.failed }
  const secret = newSecret()
  const { host, rest } = placeOf(target.location)
  const sessions = new Set<() => void>()
  const server = createServer((local) => {
    const untilMs = prepared ? target.answerMs * wholeWay - (performance.now() - startedAtMs) : target.answerMs
    const leftMs = Math.min(target.answerMs, untilMs)
    const close = relayRtsp({ ...hears, target, local, location, secret, seen, prepared, leftMs })
    prepared = null
    sessions.add(close)
    local.on('close', () => sessions.delete(close))
  })
  server.maxConnections = CONNECTIONS
  // GStreamer opens its UDP ports for the family of this address.
  const ours = isIPv6(host) ? '[::1]' : '127.0.0.1'
  const location = `rtsp://${ours}:${await portOf(server, ours)}${rest}`
  return {
    location,
    secret,
    isPlaylist: false,
    close: () => {
      server.close()
      first.destroy()
      for (const close of sessions) close()
    },
  }
}
