import type { CameraFailure } from '../camera-failure.ts'

const isOn = 'Check that the camera is on, its address and port, and the firewall.'
const ownCertificate = 'If the certificate is its own, set tlsVerify: false; otherwise somebody may be in between.'

type Row = readonly [says: string, remedy: string, retry?: 'rarely']

/** By Node's error codes; `PLACE` is host and port, `HOST` the host. */
const rows: Readonly<Record<string, Row>> = {
  ECONNREFUSED: ['nobody listens at PLACE: it refuses the connection', isOn],
  ENOTFOUND: ['the name HOST is unknown', 'Check the name in its URL, or give its address; check the name server.'],
  EAI_AGAIN: ['the name server does not answer for HOST', 'Check the name server and the network of this machine.'],
  ETIMEDOUT: ['PLACE cannot be reached', isOn],
  EHOSTUNREACH: ['PLACE cannot be reached: there is no way to this address', isOn],
  EHOSTDOWN: ['PLACE cannot be reached: it does not answer', isOn],
  ENETUNREACH: [
    'PLACE cannot be reached: this machine has no way to its network',
    'Check the network of this machine.',
  ],
  EACCES: ["this machine's firewall does not let Rollcall reach PLACE", "Check this machine's firewall."],
  EPERM: ["this machine's firewall does not let Rollcall reach PLACE", "Check this machine's firewall."],
  EMFILE: ['this machine has no descriptors left to reach PLACE', 'Raise the limit of open files (ulimit -n).'],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'the certificate of PLACE is self-signed, so it is not trusted',
    ownCertificate,
    'rarely',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'the certificate of PLACE is not trusted: its issuer is unknown',
    ownCertificate,
    'rarely',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'the certificate of PLACE is not trusted: its issuer is unknown',
    ownCertificate,
    'rarely',
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    'the certificate of PLACE is not trusted: its issuer is unknown',
    ownCertificate,
    'rarely',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'the certificate of PLACE is not trusted: its issuer is unknown',
    ownCertificate,
    'rarely',
  ],
  CERT_HAS_EXPIRED: [
    'the certificate of PLACE has expired',
    "Renew it, check this machine's clock, or set tlsVerify: false.",
    'rarely',
  ],
  CERT_NOT_YET_VALID: [
    'the certificate of PLACE is not valid yet',
    'Check the clocks of this machine and of the camera, or set tlsVerify: false.',
    'rarely',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'the certificate of PLACE is for another host',
    'Use the name that is in the certificate, or set tlsVerify: false.',
    'rarely',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'PLACE does not speak TLS',
    'Use rtsp:// or http:// at this port, or the TLS port.',
    'rarely',
  ],
  ERR_SSL_UNSUPPORTED_PROTOCOL: [
    'PLACE speaks only versions of TLS that are not safe',
    "Update the camera's firmware, or set tlsVerify: false.",
    'rarely',
  ],
}

/**
 * The failure that an error of Node's sockets, TLS or name lookup means, while a connection is made or used. `place` is
 * host and port.
 */
export const networkFailure = (place: string, error: NodeJS.ErrnoException): CameraFailure => {
  // Both families were tried: the first error says enough.
  const first = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error
  // Where Node only says EPROTO, OpenSSL's words are in the message.
  const code = /wrong version number/i.test(first.message) ? 'ERR_SSL_WRONG_VERSION_NUMBER' : String(first.code ?? '')
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') return closedEarly(place)
  const [says, remedy, retry] = rows[code] ?? other(code)
  const host = place.replace(/:\d+$/, '')
  return {
    code: 'CAMERA_UNREACHABLE',
    says: says.replace('PLACE', place).replace('HOST', host),
    remedy,
    ...(retry && { retry }),
  }
}

const other = (code: string): Row => {
  if (/^(ERR_SSL|EPROTO)/.test(code)) {
    return [
      `PLACE and Rollcall cannot agree on TLS (${code})`,
      "Update the camera's firmware, or set tlsVerify: false.",
    ]
  }
  if (/^(ERR_TLS|CERT|CRL|UNABLE|INVALID|HOSTNAME)/.test(code)) {
    return [`the certificate of PLACE is not trusted (${code})`, ownCertificate, 'rarely']
  }
  return [`no connection to PLACE (${code === '' ? 'unknown error' : code})`, isOn]
}

/** The peer has closed the connection before it had answered. */
export const closedEarly = (place: string): CameraFailure => ({
  code: 'CAMERA_UNREACHABLE',
  says: `${place} closes the connection without an answer`,
  remedy: 'Check that its port is the one for this kind of URL, and how many viewers it allows.',
})
