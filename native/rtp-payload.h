#pragma once
#include <cstddef>
#include <cstdint>

namespace rollcall {

/** Bytes of the fixed header. */
constexpr size_t kRtpFixedHeader = 12;

/**
 * Bytes before the payload of an RTP packet: fixed header, sources, extension (RFC 3550, 5.1 and 5.3.1). `size` of the packet's
 * bytes are at `packet`, at least the fixed header. The result may lie behind a broken packet's end.
 */
inline size_t rtp_header_bytes(const uint8_t* packet, size_t size) {
  size_t bytes = kRtpFixedHeader + 4 * (packet[0] & 15);
  if ((packet[0] & 0x10) && size >= bytes + 4) bytes += 4 + 4 * size_t(packet[bytes + 2] << 8 | packet[bytes + 3]);
  return bytes;
}

}  // namespace rollcall
