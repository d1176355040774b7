#include "start-codes.h"

#include <cstdint>
#include <cstring>

#include "rtp-packets.h"

namespace rollcall {
namespace {

/** The header's size and that of the start code behind it; the latter is 0 when there is none. */
struct Begin {
  size_t header = 0, start_code = 0;
};

Begin begin_of(GstBuffer* packet) {
  GstMapInfo map;
  Begin begin;
  if (!gst_buffer_map(packet, &map, GST_MAP_READ)) return begin;
  if (const std::optional<RtpHeader> header = rtp_header_of(map.data, map.size)) {
    begin.header = header->bytes;
    for (size_t zeros : {2, 3}) {
      const size_t end = begin.header + zeros + 1;
      if (map.size > end && std::memcmp(map.data + begin.header, "\0\0\0", zeros) == 0 && map.data[end - 1] == 1) begin.start_code = zeros + 1;
    }
  }
  gst_buffer_unmap(packet, &map);
  return begin;
}

/** Of other encodings the same bytes mean something else. */
bool is_of_nal_units(GstPad* pad) {
  const Owned<GstCaps> caps(gst_pad_get_current_caps(pad));
  const gchar* name = caps ? gst_structure_get_string(gst_caps_get_structure(caps.get(), 0), "encoding-name") : nullptr;
  return name && (std::strcmp(name, "H264") == 0 || std::strcmp(name, "H265") == 0);
}

/** Null when the packet is right as it is. */
GstBuffer* mended(GstPad* pad, GstBuffer* packet) {
  const Begin begin = begin_of(packet);
  if (begin.start_code == 0 || !is_of_nal_units(pad)) return nullptr;
  GstBuffer* head = gst_buffer_copy_region(packet, GST_BUFFER_COPY_ALL, 0, begin.header);
  return gst_buffer_append_region(head, gst_buffer_ref(packet), begin.header + begin.start_code, -1);
}

GstPadProbeReturn look(GstPad* pad, GstPadProbeInfo* info, gpointer) {
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer* packet = GST_PAD_PROBE_INFO_BUFFER(info);
    if (GstBuffer* other = mended(pad, packet)) {
      info->data = other;
      gst_buffer_unref(packet);
    }
  } else {
    GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
    for (guint index = 0; index < gst_buffer_list_length(list); ++index) {
      GstBuffer* other = mended(pad, gst_buffer_list_get(list, index));
      if (!other) continue;
      list = gst_buffer_list_make_writable(list);
      info->data = list;
      gst_buffer_list_remove(list, index, 1);
      gst_buffer_list_insert(list, static_cast<gint>(index), other);
    }
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace

void take_off_start_codes(GstElement* pipeline) {
  const Owned<GstPad> pad = packets_pad(pipeline);
  if (!pad) return;
  gst_pad_add_probe(pad.get(), static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST), look,
                    nullptr, nullptr);
}

}  // namespace rollcall
