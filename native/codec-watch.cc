#include "codec-watch.h"

#include <cstring>

#include "rtp-packets.h"

namespace rollcall {
namespace {

// One picture may be damaged on its way. So many in a row, and none of the described codec among them, are no accident.
constexpr int kForeignPictures = 4;
// Domain and codes of the addon's own error; see `PipelineEvent` in index.d.ts.
constexpr char kCodecErrors[] = "rollcall-codec-error-quark";
constexpr int kSentH264 = 264, kSentH265 = 265;
constexpr GstPadProbeType kLooked = static_cast<GstPadProbeType>(
    GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);

/** Slices, and packets of several NAL units (24 to 27) or a part of one (28, 29). */
bool is_h264_picture(uint8_t first) {
  const int type = first & 31;
  return (first & 0x80) == 0 && (type == 1 || type == 5 || (type >= 24 && type <= 29));
}

/** Of the base layer: others never come alone. */
bool has_h265_header(uint8_t first, uint8_t second) {
  return (first & 0x81) == 0 && (second & 0xf8) == 0 && (second & 7) != 0;
}

/** Slices, and packets of several NAL units (48) or a part of one (49). */
bool is_h265_picture(uint8_t first, uint8_t second) {
  const int type = first >> 1;
  return has_h265_header(first, second) && (type <= 9 || (type >= 16 && type <= 21) || type == 48 || type == 49);
}

bool is_h265_parameter_set(uint8_t first, uint8_t second) {
  return has_h265_header(first, second) && first >> 1 >= 32 && first >> 1 <= 34;
}

}  // namespace

PayloadKind kind_of_payload(NalCodec codec, uint8_t first, uint8_t second) {
  const bool is_h264 = is_h264_picture(first), is_h265 = is_h265_picture(first, second);
  if (codec == NalCodec::h265) {
    const bool is_sps = (first & 0x9f) == 7;
    return is_h265 ? PayloadKind::own : is_h264 || is_sps ? PayloadKind::foreign : PayloadKind::other;
  }
  if (is_h264) return PayloadKind::own;
  // An SEI NAL unit of H.264 may begin like a slice of H.265.
  const bool may_be_sei = (first & 31) == 6;
  return (is_h265 && !may_be_sei) || is_h265_parameter_set(first, second) ? PayloadKind::foreign : PayloadKind::other;
}

void CodecWatch::attach(GstElement* pipeline) {
  const Owned<GstPad> pad = packets_pad(pipeline);
  if (!pad) return;
  const auto look = +[](GstPad* pad, GstPadProbeInfo* info, gpointer data) {
    auto* self = static_cast<CodecWatch*>(data);
    if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
      self->see_caps(GST_PAD_PROBE_INFO_EVENT(info));
    } else if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
      return self->is_foreign(pad, GST_PAD_PROBE_INFO_BUFFER(info)) ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
    } else {
      info->data = self->without_foreign(pad, GST_PAD_PROBE_INFO_BUFFER_LIST(info));
    }
    return GST_PAD_PROBE_OK;
  };
  gst_pad_add_probe(pad.get(), kLooked, look, this, nullptr);
}

void CodecWatch::see_caps(GstEvent* event) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return;
  GstCaps* caps;
  gst_event_parse_caps(event, &caps);
  const gchar* name = gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name");
  codec_.reset();
  is_told_ = false;
  foreign_ = 0;
  if (name && std::strcmp(name, "H264") == 0) codec_ = NalCodec::h264;
  if (name && std::strcmp(name, "H265") == 0) codec_ = NalCodec::h265;
}

GstBufferList* CodecWatch::without_foreign(GstPad* pad, GstBufferList* list) {
  for (guint index = 0; index < gst_buffer_list_length(list);) {
    if (!is_foreign(pad, gst_buffer_list_get(list, index))) {
      ++index;
      continue;
    }
    list = gst_buffer_list_make_writable(list);
    gst_buffer_list_remove(list, index, 1);
  }
  return list;
}

bool CodecWatch::is_foreign(GstPad* pad, GstBuffer* packet) {
  if (!codec_) return is_told_;
  uint8_t head[kRtpHead];
  const size_t size = gst_buffer_extract(packet, 0, head, sizeof head);
  const std::optional<RtpHeader> header = rtp_header_of(head, size);
  if (!header || header->bytes + 2 > size) return false;
  const PayloadKind kind = kind_of_payload(*codec_, head[header->bytes], head[header->bytes + 1]);
  if (kind == PayloadKind::own) foreign_ = 0;
  if (kind != PayloadKind::foreign) return false;
  if (foreign_ > 0 && last_time_ == std::optional(header->time)) return true;
  last_time_ = header->time;
  if (++foreign_ >= kForeignPictures) tell(pad);
  return true;
}

void CodecWatch::tell(GstPad* pad) {
  const int sent = *codec_ == NalCodec::h264 ? kSentH265 : kSentH264;
  codec_.reset();
  is_told_ = true;
  const Owned<GstElement> element(gst_pad_get_parent_element(pad));
  const Owned<GError> error(g_error_new_literal(g_quark_from_static_string(kCodecErrors), sent, "The packets are of another codec."));
  gst_element_post_message(element.get(), gst_message_new_error(GST_OBJECT(element.get()), error.get(), nullptr));
}

}  // namespace rollcall
