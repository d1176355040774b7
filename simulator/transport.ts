/** How a client wants its packets (RFC 2326 12.39). */
export type Transport =
  | { readonly kind: 'tcp' /** RTP, RTCP; null leaves the choice to the server. */; readonly channels: PortPair | null }
  | { readonly kind: 'udp' /** RTP, RTCP. */; readonly ports: PortPair }

/** For RTP and for RTCP: two interleaved channels, or two UDP ports. */
export type PortPair = readonly [number, number]

/**
 * The first transport offered in a Transport header (RFC 2326 12.39) that this server can use; null when there is none.
 */
export const chooseTransport = (header: string): Transport | null => {
  for (const offer of header.split(',')) {
    const [protocol = '', ...options] = offer.split(';').map((part) => part.trim())
    if (options.some((option) => option.toLowerCase() === 'multicast')) continue
    if (/^RTP\/AVP\/TCP$/i.test(protocol)) {
      const given = options.some((option) => /^interleaved=/i.test(option))
      const channels = pairOf(options, 'interleaved', 255)
      if (!given || channels !== null) return { kind: 'tcp', channels }
    }
    if (/^RTP\/AVP(\/UDP)?$/i.test(protocol)) {
      const ports = pairOf(options, 'client_port', 65_535)
      if (ports !== null && ports[0] > 0) return { kind: 'udp', ports }
    }
  }
  return null
}

const pairOf = (options: readonly string[], name: string, most: number): PortPair | null => {
  for (const option of options) {
    const [, key, first, second] = /^(\w+)=(\d{1,5})(?:-(\d{1,5}))?$/.exec(option) ?? []
    if (key?.toLowerCase() !== name || first === undefined) continue
    const pair = [Number(first), second === undefined ? Number(first) + 1 : Number(second)] as const
    if (pair[0] <= most && pair[1] <= most && pair[0] !== pair[1]) return pair
  }
  return null
}
