#include "continuity.h"

#include <algorithm>
#include <utility>

#include "ts-gaps.h"

namespace rollcall {
namespace {

constexpr size_t kMaxIncomplete = 32;
constexpr size_t kRtpHeader = 12;
constexpr char kGap[] = "rollcall-gap", kPictures[] = "pictures";
// The picture that the parser holds back, and the one that the demuxer is putting together.
constexpr int kHeldBack = 2;

void tell_gap(GstPad* pad, int pictures) {
  GstStructure* gap = gst_structure_new(kGap, kPictures, G_TYPE_INT, pictures, nullptr);
  gst_pad_push_event(pad, gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gap));
}

void watch_if_demuxer(GstElement* element) {
  GstElementFactory* factory = gst_element_get_factory(element);
  if (factory && g_strcmp0(GST_OBJECT_NAME(factory), "tsdemux") == 0) watch_transport_stream(element, tell_gap);
}

}  // namespace

void Continuity::attach(GstElement* pipeline) {
  const auto added = +[](GstBin*, GstBin*, GstElement* element, gpointer) { watch_if_demuxer(element); };
  g_signal_connect(pipeline, "deep-element-added", G_CALLBACK(added), nullptr);
  GstIterator* elements = gst_bin_iterate_recurse(GST_BIN(pipeline));
  const auto each = +[](const GValue* value, gpointer) { watch_if_demuxer(GST_ELEMENT(g_value_get_object(value))); };
  gst_iterator_foreach(elements, each, nullptr);
  gst_iterator_free(elements);
  const Owned<GstElement> packets(gst_bin_get_by_name(GST_BIN(pipeline), "packets"));
  const Owned<GstPad> pad(packets ? gst_element_get_static_pad(packets.get(), "sink") : nullptr);
  if (!pad) return;
  has_packets_ = true;
  const auto look = +[](GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto* self = static_cast<Continuity*>(data);
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER) self->see(GST_PAD_PROBE_INFO_BUFFER(info));
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
      GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
      for (guint index = 0; index < gst_buffer_list_length(list); ++index) self->see(gst_buffer_list_get(list, index));
    }
    return GST_PAD_PROBE_OK;
  };
  gst_pad_add_probe(pad.get(), static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                    look, this, nullptr);
}

/** Sequence number and source of RFC 3550, 5.1. */
void Continuity::see(GstBuffer* packet) {
  uint8_t head[kRtpHeader];
  if (gst_buffer_extract(packet, 0, head, sizeof head) != sizeof head) return;
  const auto sequence = static_cast<uint16_t>(head[2] << 8 | head[3]);
  const uint32_t source = uint32_t{head[8]} << 24 | head[9] << 16 | head[10] << 8 | head[11];
  const GstClockTime pts = GST_BUFFER_PTS(packet);
  const std::optional<Packet> last = std::exchange(last_, Packet{sequence, source, pts});
  if (!last || (last->source == source && static_cast<uint16_t>(last->sequence + 1) == sequence)) return;
  ++lost_;
  is_broken_ = true;
  // Its end may be missing. Whether the next one has its beginning is seen from its first slice.
  incomplete_.push_back(last->pts);
  if (incomplete_.size() > kMaxIncomplete) incomplete_.pop_front();
}

bool Continuity::see_event(GstEvent* event) {
  gint pictures = 0;
  if (!gst_event_has_name(event, kGap) || !gst_structure_get_int(gst_event_get_structure(event), kPictures, &pictures)) {
    return false;
  }
  ++lost_;
  is_broken_ = true;
  doubtful_ = kHeldBack + pictures;
  return true;
}

bool Continuity::is_broken(const Unit& unit) {
  const bool is_first = !std::exchange(has_units_, true);
  const bool is_doubtful = doubtful_ > 0;
  if (is_doubtful) --doubtful_;
  const bool has_gap = GST_BUFFER_FLAG_IS_SET(unit.buffer(), GST_BUFFER_FLAG_DISCONT) && !has_packets_ && !is_first;
  if (has_gap && !is_doubtful) ++lost_;
  const bool is_incomplete = is_doubtful || (unit.nature.headless && is_broken_) || GST_BUFFER_FLAG_IS_SET(unit.buffer(), GST_BUFFER_FLAG_CORRUPTED) ||
                             std::find(incomplete_.begin(), incomplete_.end(), unit.pts()) != incomplete_.end();
  if (has_gap || is_incomplete) is_broken_ = true;
  if (unit.nature.recovery && !is_incomplete) is_broken_ = false;
  return is_broken_;
}

}  // namespace rollcall
