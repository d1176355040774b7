import { randomUUID } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { elementAt, elementsNamed, parseXml, textAt } from './xml.ts'

/** A device that has answered a WS-Discovery probe. */
export interface FoundDevice {
  /** Its endpoint reference, which is the same whatever way the answer came. */
  readonly endpoint: string
  /** Where its answer came from. The addresses it names may be older than its present one. */
  readonly from: string
  /** The addresses of its device service, most likely first. */
  readonly addresses: readonly string[]
  /** Scopes such as `onvif://www.onvif.org/name/Door`, as the device has sent them. */
  readonly scopes: readonly string[]
}

/** How devices are looked for. */
export interface DiscoveryOptions {
  /** How long answers are waited for, milliseconds. */
  readonly forMs: number
  /** Where the probe goes. It defaults to the multicast address of WS-Discovery, from each interface. */
  readonly target?: { readonly address: string; readonly port: number }
  readonly signal?: AbortSignal
}

/** WS-Discovery 1.0 (2005) 2.4. */
const multicast = { address: '239.255.255.250', port: 3702 }
/** A network of cameras loses datagrams when all answer at once, so the probe is sent again. */
const AGAIN_AFTER_MS = 500
const MOST_DEVICES = 512
const MOST_BYTES = 65_536

/** Old devices only know the first type, and some only answer when they are asked for devices of any kind. */
const types = ['dn:NetworkVideoTransmitter', 'tds:Device']

const probe = (type: string): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><e:Header><w:MessageID>uuid:${randomUUID()}</w:MessageID><w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe><d:Types>${type}</d:Types></d:Probe></e:Body></e:Envelope>`,
  )

/**
 * Asks the local network for ONVIF devices (WS-Discovery), from each IPv4 interface. Resolves when the time is over, to
 * each device once. What is no answer is not counted. Never rejects for what others send.
 */
export const discoverDevices = async ({
  forMs,
  target = multicast,
  signal,
}: DiscoveryOptions): Promise<readonly FoundDevice[]> => {
  const found = new Map<string, FoundDevice>()
  const note = (message: Buffer, { address }: RemoteInfo): void => {
    if (message.length > MOST_BYTES) return
    for (const device of readMatches(message.toString('utf8'), address)) {
      if (found.size < MOST_DEVICES && !found.has(device.endpoint)) found.set(device.endpoint, device)
    }
  }
  const sockets = await Promise.all(localAddresses(target.address).map((local) => openSocket(local, note)))
  const send = (): void => {
    for (const socket of sockets)
      for (const type of types) socket?.send(probe(type), target.port, target.address, () => undefined)
  }
  send()
  const again = setInterval(send, AGAIN_AFTER_MS)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, signal?.aborted ? 0 : forMs)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  clearInterval(again)
  for (const socket of sockets) socket?.close()
  return [...found.values()]
}

/** Multicast leaves by one interface each; null: the system chooses. */
const localAddresses = (target: string): readonly (string | null)[] => {
  if (!/^2(2[4-9]|3\d)\./.test(target)) return [null]
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address)
}

/** Null when the interface cannot be used. */
const openSocket = (local: string | null, note: (message: Buffer, from: RemoteInfo) => void): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.on('error', () => resolve(null))
    socket.on('message', note)
    socket.bind(0, local ?? undefined, () => {
      try {
        if (local !== null) socket.setMulticastInterface(local)
        resolve(socket)
      } catch {
        socket.close()
        resolve(null)
      }
    })
  })

/** The devices of an answer; one answer may tell of several. */
export const readMatches = (text: string, from: string): readonly FoundDevice[] => {
  const document = parseXml(text)
  if (document === null) return []
  return elementsNamed(document, 'ProbeMatch').flatMap((match) => {
    const words = (name: string): readonly string[] => (textAt(match, name) ?? '').split(/\s+/).filter(Boolean)
    const named = words('XAddrs').filter((address) => /^https?:\/\/[^/]/i.test(address) && URL.canParse(address))
    if (named.length === 0) return []
    const endpoint = elementAt(match, 'EndpointReference', 'Address')?.text || (named[0] ?? '')
    return [{ endpoint, from, addresses: likelyFirst(named, from), scopes: words('Scopes') }]
  })
}

/**
 * Where a device is first asked: at the address its answer came from. After a change of address (DHCP) some name the old
 * one, which may be somebody else's now. Plain HTTP comes before HTTPS, whose certificates are nearly never valid.
 */
const likelyFirst = (named: readonly string[], from: string): readonly string[] => {
  const own = named.filter((address) => new URL(address).hostname === from)
  const moved = named.map((address) => {
    const url = new URL(address)
    if (/^[\d.]+$/.test(from)) url.hostname = from
    return url.href
  })
  const all = [...own, ...moved, ...named].map((address) => new URL(address).href)
  const plain = (address: string): number => (address.startsWith('http:') ? 0 : 1)
  const unique = [...new Set(all)]
  const hostRank = (address: string): number => (new URL(address).hostname === from ? 0 : 1)
  return unique.toSorted((a, b) => hostRank(a) - hostRank(b) || plain(a) - plain(b))
}
