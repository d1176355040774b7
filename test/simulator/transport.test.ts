import { expect, it } from 'vitest'
import { chooseTransport } from '../../simulator/transport.ts'

it.each([
  ['RTP/AVP/TCP;unicast;interleaved=2-3', { kind: 'tcp', channels: [2, 3] }],
  ['RTP/AVP/TCP;unicast', { kind: 'tcp', channels: null }],
  ['RTP/AVP;unicast;client_port=5000-5001', { kind: 'udp', ports: [5000, 5001] }],
  ['rtp/avp/udp;unicast;client_port=5000', { kind: 'udp', ports: [5000, 5001] }],
  ['RTP/AVP;multicast, RTP/AVP/TCP;interleaved=0-1', { kind: 'tcp', channels: [0, 1] }],
  ['RTP/AVP;unicast;client_port=7000-7001,RTP/AVP/TCP', { kind: 'udp', ports: [7000, 7001] }],
])('takes %s', (header, expected) => {
  expect(chooseTransport(header)).toEqual(expected)
})

it.each([
  '',
  'RTP/AVP',
  'RTP/AVP;multicast;client_port=5000-5001',
  'RTP/AVP;unicast;client_port=0-1',
  'RTP/AVP;unicast;client_port=65536-65537',
  'RTP/AVP;unicast;client_port=5000-5000',
  'RTP/AVP/TCP;interleaved=255',
  'RTP/AVP/TCP;interleaved=300-301',
  'RTP/SAVP;unicast;client_port=5000-5001',
])('refuses "%s"', (header) => {
  expect(chooseTransport(header)).toBeNull()
})
