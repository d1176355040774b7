#pragma once
#include <gst/gst.h>

#include <cstdint>
#include <optional>

#include "owned.h"

namespace rollcall {

/** What is read of an RTP packet's header (RFC 3550, 5.1 and 5.3.1). */
struct RtpHeader {
  uint16_t sequence;
  /** 90,000 ticks a second with all encodings of video. */
  uint32_t time;
  uint32_t source;
  bool has_marker;
  /** Bytes before the payload: fixed header, sources, extension. May lie behind a broken packet's end. */
  size_t bytes;
};

/** So many first bytes of a packet hold its header, with any usual extension, and the beginning of its payload. */
constexpr size_t kRtpHead = 256;

/** Of the `size` first bytes of a packet. Absent when they are fewer than the fixed header. */
std::optional<RtpHeader> rtp_header_of(const uint8_t* packet, size_t size);
std::optional<RtpHeader> rtp_header_of(GstBuffer* packet);

/** Where RTP packets come before they are unpacked: the sink of the element `packets`. Null when the pipeline has no such element. */
Owned<GstPad> packets_pad(GstElement* pipeline);

/** Calls `see` with each packet that a pad probe was called for: one, a list of them, or, at an event, none. */
template <typename See>
void each_packet(GstPadProbeInfo* info, See see) {
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) see(GST_PAD_PROBE_INFO_BUFFER(info));
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
    for (guint index = 0; index < gst_buffer_list_length(list); ++index) see(gst_buffer_list_get(list, index));
  }
}

}  // namespace rollcall
