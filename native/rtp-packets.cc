#include "rtp-packets.h"

namespace rollcall {
namespace {

constexpr size_t kFixed = 12, kMostSources = 15, kExtensionHead = 4;

uint32_t u32(const uint8_t* bytes) { return uint32_t{bytes[0]} << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]; }

}  // namespace

std::optional<RtpHeader> rtp_header_of(const uint8_t* packet, size_t size) {
  if (size < kFixed) return std::nullopt;
  size_t bytes = kFixed + 4 * (packet[0] & 15);
  const bool has_extension = (packet[0] & 0x10) != 0;
  if (has_extension && size >= bytes + kExtensionHead) {
    bytes += kExtensionHead + 4 * size_t(packet[bytes + 2] << 8 | packet[bytes + 3]);
  }
  return RtpHeader{static_cast<uint16_t>(packet[2] << 8 | packet[3]), u32(packet + 4), u32(packet + 8), (packet[1] & 0x80) != 0, bytes};
}

std::optional<RtpHeader> rtp_header_of(GstBuffer* packet) {
  uint8_t head[kFixed + 4 * kMostSources + kExtensionHead];
  return rtp_header_of(head, gst_buffer_extract(packet, 0, head, sizeof head));
}

Owned<GstPad> packets_pad(GstElement* pipeline) {
  const Owned<GstElement> packets(gst_bin_get_by_name(GST_BIN(pipeline), "packets"));
  return Owned<GstPad>(packets ? gst_element_get_static_pad(packets.get(), "sink") : nullptr);
}

}  // namespace rollcall
