import { expect, test } from 'vitest'
import { readableTransport } from '../../../src/ingest/relay/transport.ts'

const tcp = 'RTP/AVP/TCP;unicast;interleaved=0-1'
const both = `RTP/AVP/UDP;unicast;client_port=1-2,${tcp}`

test.each([
  [tcp, tcp, tcp],
  [tcp, 'RTP/AVP/TCP;unicast;interleaved=4-5;ssrc=1', 'RTP/AVP/TCP;unicast;interleaved=4-5;ssrc=1'],
  [tcp, 'RTP/AVP/TCP;unicast', tcp],
  [tcp, 'RTP/AVP;unicast', tcp],
  [tcp, ' rtp/avp/udp;unicast;interleaved=2-3', 'RTP/AVP/TCP;unicast;interleaved=2-3'],
  [tcp, 'RTP/AVP', 'RTP/AVP/TCP;interleaved=0-1'],
  [tcp, undefined, tcp],
  ['RTP/AVP;unicast;client_port=1-2', 'RTP/AVP;unicast;server_port=3-4', 'RTP/AVP;unicast;server_port=3-4'],
  [both, 'RTP/AVP/UDP;unicast;client_port=1-2;server_port=3-4', 'RTP/AVP/UDP;unicast;client_port=1-2;server_port=3-4'],
  [undefined, undefined, undefined],
])('asked for %j, %j means %j', (asked, answered, read) => {
  expect(readableTransport(asked, answered)).toBe(read)
})
