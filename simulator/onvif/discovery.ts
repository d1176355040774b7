import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A simulated device that is asked by WS-Discovery. */
export interface DiscoveredDevice {
  readonly endpoint: string
  /** The addresses of its device service that it names. */
  readonly addresses: readonly string[]
  readonly scopes?: readonly string[]
}

/** Answers WS-Discovery probes on a UDP port of the loopback interface. Owned by whoever started it. */
export interface DiscoveryResponder {
  readonly port: number
  close(): void
}

/** Answers each probe with one datagram for each of `devices`, and each of `others` as it is. */
export const startDiscovery = async (
  devices: readonly DiscoveredDevice[],
  others: readonly (string | Buffer)[] = [],
): Promise<DiscoveryResponder> => {
  const socket = createSocket('udp4')
  socket.on('error', () => undefined)
  socket.on('message', (message, { address, port }) => {
    const relatesTo = /MessageID>([^<]*)</.exec(message.toString())?.[1] ?? ''
    const answers = [...devices.map((device) => matches([device], relatesTo)), ...others]
    for (const answer of answers) socket.send(answer, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, close: () => socket.close() }
}

/** A ProbeMatches message of one or several devices. */
export const matches = (devices: readonly DiscoveredDevice[], relatesTo: string): string =>
  `<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><SOAP-ENV:Header><wsa:RelatesTo>${relatesTo}</wsa:RelatesTo></SOAP-ENV:Header><SOAP-ENV:Body><d:ProbeMatches>${devices
    .map(
      ({ endpoint, addresses, scopes = [] }) =>
        `<d:ProbeMatch><wsa:EndpointReference><wsa:Address>${endpoint}</wsa:Address></wsa:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>${scopes.join(' ')}</d:Scopes><d:XAddrs>${addresses.join(' ')}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch>`,
    )
    .join('')}</d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>`
