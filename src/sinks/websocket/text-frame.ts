/**
 * Encodes a text message as one unmasked WebSocket frame (RFC 6455, section 5.2). It is made once and written to the socket of
 * every client: `ws` would make a header and two chunks for each, which is half of what a broadcast costs.
 * The parts are text, or bytes that are UTF-8; they are joined within the frame.
 */
export const textFrame = (...parts: readonly (string | Buffer)[]): Buffer => {
  const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0)
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10
  // Not from Node's pool: the replay buffer keeps frames for long, and each would keep the 64 KiB that it was cut from.
  const frame = Buffer.allocUnsafeSlow(headerLength + length)
  // Final frame of a text message.
  frame[0] = 0x81
  if (headerLength === 2) frame[1] = length
  else if (headerLength === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  let at = headerLength
  for (const part of parts) at += typeof part === 'string' ? frame.write(part, at) : part.copy(frame, at)
  return frame
}
