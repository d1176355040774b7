#include "continuity.h"

#include <algorithm>
#include <utility>

#include "ts-gaps.h"

namespace rollcall {
namespace {

constexpr size_t kMaxIncomplete = 32;
// Of a packet of H.265 (RFC 7798, 4.4.3).
constexpr size_t kSliceHead = 3;
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
  const Owned<GstPad> pad = packets_pad(pipeline);
  if (!pad) return;
  has_packets_ = true;
  const auto look = +[](GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto* self = static_cast<Continuity*>(data);
    if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) self->see_format(GST_PAD_PROBE_INFO_EVENT(info));
    each_packet(info, [self](GstBuffer* packet) { self->see(packet); });
    return GST_PAD_PROBE_OK;
  };
  constexpr int kAll = GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM;
  gst_pad_add_probe(pad.get(), static_cast<GstPadProbeType>(kAll), look, this, nullptr);
}

void Continuity::see_format(GstEvent* event) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return;
  GstCaps* caps;
  gst_event_parse_caps(event, &caps);
  const gchar* encoding = gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name");
  is_h265_ = g_strcmp0(encoding, "H265") == 0;
  is_mpeg4_ = g_strcmp0(encoding, "MP4V-ES") == 0;
}

void Continuity::see(GstBuffer* buffer) {
  uint8_t head[kRtpHead];
  const size_t size = gst_buffer_extract(buffer, 0, head, sizeof head);
  const std::optional<RtpHeader> header = rtp_header_of(head, size);
  if (!header) return;
  Packet next{*header, GST_BUFFER_PTS(buffer), {}};
  if (is_h265_ && size >= header->bytes + kSliceHead) next.slice = slice_of(head + header->bytes);
  const std::optional<Packet> last = std::exchange(last_, next);
  if (next.pts != seen_pts_[1]) {
    seen_pts_[0] = seen_pts_[1];
    seen_pts_[1] = next.pts;
  }
  if (!last) return;
  if (last->header.has_marker && last->header.time == header->time) are_markers_right_ = false;
  const bool follows = static_cast<uint16_t>(last->header.sequence + 1) == header->sequence;
  if (last->header.source != header->source || !follows) see_gap(*last, next);
}

/** A single NAL unit or a fragment of one (RFC 7798, 4.4.1 and 4.4.3). */
Continuity::Slice Continuity::slice_of(const uint8_t* payload) {
  constexpr int kFragment = 49;
  const int outer = payload[0] >> 1 & 63, layer = (payload[1] & 7) - 1;
  const bool is_fragment = outer == kFragment;
  const int type = is_fragment ? payload[2] & 63 : outer;
  Slice slice;
  if (type > 31) return slice;
  highest_layer_ = std::max(highest_layer_, layer);
  // As in `nature_of_h265`.
  slice.is_disposable = type <= 14 && type % 2 == 0 && layer >= highest_layer_;
  slice.begins = !is_fragment || (payload[2] & 0x80);
  slice.ends = !is_fragment || (payload[2] & 0x40);
  return slice;
}

void Continuity::see_gap(const Packet& last, const Packet& next) {
  ++lost_;
  const unsigned missing = static_cast<uint16_t>(next.header.sequence - last.header.sequence - 1);
  const bool is_same = last.header.source == next.header.source && are_times_right_;
  if (is_same && is_confined(last, next, missing)) {
    if (last.header.time == next.header.time || !last.slice.ends) note_torn(last.pts);
    if (!next.slice.begins) note_torn(next.pts);
    return;
  }
  const bool is_whole = is_same && last.header.has_marker && are_markers_right_ && unit_pts_ == last.pts;
  // Its end may be missing. Whether the next one has its beginning is seen from its first slice.
  if (!is_whole) note_torn(last.pts);
  // rtpmp4vdepay joins a picture without its end to the next one.
  if (!is_whole && is_mpeg4_) note_torn(next.pts);
  lost_in_group_ += missing;
  // As many references as there are numbers could have been lost and nobody would know.
  if (!is_same || !reference_ || lost_in_group_ >= reference_->modulus) is_broken_ = true;
}

/** Whether all that is missing belongs to pictures of H.265 to which no other refers. */
bool Continuity::is_confined(const Packet& last, const Packet& next, unsigned missing) const {
  // Higher sub-layers, which may refer to lower ones, show within a group.
  if (!is_h265_ || keys_ < 2) return false;
  if (last.header.time == next.header.time) return last.slice.is_disposable && next.slice.is_disposable;
  const bool is_tail = last.slice.is_disposable && !last.slice.ends;
  const bool is_head = next.slice.is_disposable && !next.slice.begins;
  return missing == unsigned{is_tail} + unsigned{is_head};
}

void Continuity::note_torn(GstClockTime pts) {
  incomplete_.push_back(pts);
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

bool Continuity::is_torn(const Unit& unit) const {
  if ((is_broken_ || lost_in_group_ > 0) && unit.nature.headless) return true;
  // It cannot be told from those that were hit.
  if (lost_in_group_ > 0 && !unit.nature.recovery && !GST_CLOCK_TIME_IS_VALID(unit.pts())) return true;
  return GST_BUFFER_FLAG_IS_SET(unit.buffer(), GST_BUFFER_FLAG_CORRUPTED) ||
         std::find(incomplete_.begin(), incomplete_.end(), unit.pts()) != incomplete_.end();
}

/** Every frame has the number that comes after that of the last reference (ITU-T H.264, 7.4.3). */
bool Continuity::lacks_reference(const Unit& unit) const {
  const std::optional<FrameNumber>& number = unit.nature.frame_number;
  if (!number || !reference_ || number->modulus != reference_->modulus) return true;
  return number->value != (reference_->value + 1) % number->modulus;
}

Damage Continuity::damage_of(const Unit& unit) {
  const bool is_first = !std::exchange(has_units_, true);
  const bool is_doubtful = doubtful_ > 0;
  if (is_doubtful) --doubtful_;
  const bool has_gap = GST_BUFFER_FLAG_IS_SET(unit.buffer(), GST_BUFFER_FLAG_DISCONT) && !has_packets_ && !is_first;
  if (has_gap && !is_doubtful) ++lost_;
  unit_pts_ = unit.pts();
  if (has_packets_ && unit_pts_ != seen_pts_[0] && unit_pts_ != seen_pts_[1]) are_times_right_ = false;
  const bool is_incomplete = is_doubtful || is_torn(unit);
  const bool is_disposable = unit.nature.disposable && has_packets_;
  if (has_gap || (is_incomplete && !is_disposable)) is_broken_ = true;
  if (unit.nature.recovery && !is_incomplete) {
    is_broken_ = false;
    lost_in_group_ = 0;
    are_times_right_ = true;
    ++keys_;
  } else if (lost_in_group_ > 0 && !is_incomplete && lacks_reference(unit)) {
    is_broken_ = true;
  }
  if (!is_incomplete && !unit.nature.disposable) reference_ = unit.nature.frame_number;
  if (is_broken_) return Damage::broken;
  return is_incomplete ? Damage::alone : Damage::none;
}

}  // namespace rollcall
