import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { UdpPair } from './packet-sender.ts'

const attempts = 20

/**
 * Binds an even port for RTP and the next one for RTCP (RFC 3550 11), chosen by the system. Rejects after 20 attempts.
 */
export const bindUdpPair = async (host: string): Promise<UdpPair> => {
  for (let attempt = 1; ; attempt += 1) {
    const rtp = await bind(host, 0)
    const port = rtp.address().port
    try {
      if (port % 2 === 1) throw new Error(`UDP port ${port} is odd`)
      return { rtp, rtcp: await bind(host, port + 1) }
    } catch (error) {
      rtp.close()
      if (attempt === attempts) throw error
    }
  }
}

const bind = async (host: string, port: number): Promise<Socket> => {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.bind(port, host)
  try {
    await once(socket, 'listening')
  } catch (error) {
    socket.close()
    throw error
  }
  // A client's closed port is reported as an error (ICMP). Its session ends by the time-out.
  socket.on('error', () => undefined)
  return socket
}
