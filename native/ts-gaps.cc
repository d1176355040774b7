#include "ts-gaps.h"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "owned.h"

namespace rollcall {
namespace {

constexpr size_t kPacket = 188;
constexpr uint8_t kSync = 0x47;
constexpr uint16_t kNull = 0x1fff;
constexpr uint8_t kError = 0x80;

/** Pads of tsdemux end with the PID, five hexadecimal digits. */
bool is_of(GstPad* pad, uint16_t pid) {
  const Owned<gchar> name(gst_pad_get_name(pad));
  const char* last = std::strrchr(name.get(), '_');
  return last && std::strtoul(last + 1, nullptr, 16) == pid;
}

struct Watch {
  TsGaps gaps;
  void (*tell)(GstPad* pad, int pictures);
};

GstPadProbeReturn look(GstPad* sink, GstPadProbeInfo* info, gpointer data) {
  auto* watch = static_cast<Watch*>(data);
  GstMapInfo map;
  if (!gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ)) return GST_PAD_PROBE_OK;
  const auto lost = watch->gaps.see(map.data, map.size);
  gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
  const Owned<GstElement> demuxer(gst_pad_get_parent_element(sink));
  if (!demuxer) return GST_PAD_PROBE_OK;
  for (const auto& [pid, pictures] : lost) {
    const std::pair<uint16_t, int> loss(pid, pictures);
    struct Call {
      const std::pair<uint16_t, int>& loss;
      void (*tell)(GstPad*, int);
    } call{loss, watch->tell};
    const auto push = +[](GstElement*, GstPad* pad, gpointer to) -> gboolean {
      const auto* call = static_cast<Call*>(to);
      if (is_of(pad, call->loss.first)) call->tell(pad, call->loss.second);
      return TRUE;
    };
    gst_element_foreach_src_pad(demuxer.get(), push, &call);
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace

std::map<uint16_t, int> TsGaps::see(const uint8_t* data, size_t size) {
  std::map<uint16_t, int> begun;
  lost_.clear();
  rest_.insert(rest_.end(), data, data + size);
  size_t at = 0;
  while (at + kPacket <= rest_.size()) {
    if (rest_[at] != kSync) {
      ++at;
      continue;
    }
    packet(rest_.data() + at, begun);
    at += kPacket;
  }
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(at));
  for (auto& [pid, pictures] : lost_) pictures = begun[pid];
  return std::exchange(lost_, {});
}

void TsGaps::packet(const uint8_t* data, std::map<uint16_t, int>& begun) {
  const auto pid = static_cast<uint16_t>((data[1] & 0x1f) << 8 | data[2]);
  const bool has_payload = (data[3] & 0x10) != 0, has_field = (data[3] & 0x20) != 0;
  // Something was lost, and of which stream nobody knows.
  if (data[1] & kError) {
    for (const auto& [each, counter] : counters_) lost_[each] = 0;
    return;
  }
  if (pid == kNull || !has_payload) return;
  if (data[1] & 0x40) ++begun[pid];
  const uint8_t counter = data[3] & 15;
  const bool is_new = has_field && data[4] > 0 && (data[5] & 0x80) != 0;
  const auto last = counters_.find(pid);
  // A packet may be sent twice.
  if (last != counters_.end() && !is_new && counter != last->second && counter != ((last->second + 1) & 15)) lost_[pid] = 0;
  counters_[pid] = counter;
}

void watch_transport_stream(GstElement* tsdemux, void (*tell)(GstPad* pad, int pictures)) {
  const Owned<GstPad> sink(gst_element_get_static_pad(tsdemux, "sink"));
  if (!sink) return;
  gst_pad_add_probe(sink.get(), GST_PAD_PROBE_TYPE_BUFFER, look, new Watch{{}, tell},
                    [](gpointer watch) { delete static_cast<Watch*>(watch); });
}

}  // namespace rollcall
