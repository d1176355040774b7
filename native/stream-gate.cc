#include "stream-gate.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "unit-meta.h"

namespace rollcall {
namespace {

// As `UNKNOWN_STEP_US` of clock.ts: a recording without time stamps is taken to have 25 frames a second.
constexpr GstClockTime kUnknownStep = 40 * GST_MSECOND;
// Of the enumeration GstAutoplugSelectResult, which no header declares.
constexpr int kTry = 0, kSkip = 2;
constexpr GstPadProbeType kData =
    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);

std::string text_of(const GstCaps* caps) {
  const Owned<gchar> text(gst_caps_to_string(caps));
  return text.get();
}

Owned<GstCaps> caps_of(GstPad* pad) {
  GstCaps* caps = gst_pad_get_current_caps(pad);
  return Owned<GstCaps>(caps ? caps : gst_pad_query_caps(pad, nullptr));
}

const char* factory_name(GstElement* element) {
  GstElementFactory* factory = gst_element_get_factory(element);
  const char* name = factory ? gst_plugin_feature_get_name(GST_PLUGIN_FEATURE(factory)) : nullptr;
  return name ? name : "";
}

/** Width and height of a VP8 key frame (RFC 6386, 9.1), which no parser reads; absent for other frames. */
std::optional<std::pair<uint64_t, uint64_t>> vp8_size(GstBuffer* buffer) {
  uint8_t head[10];
  if (gst_buffer_extract(buffer, 0, head, sizeof head) != sizeof head || head[0] & 1) return std::nullopt;
  const auto side = [&](int at) { return uint64_t{head[at]} | uint64_t(head[at + 1] & 0x3f) << 8; };
  return std::pair{side(6), side(8)};
}

}  // namespace

void StreamGate::attach(GstElement* pipeline) {
  probe(pipeline, "units", [](GstPad* pad, GstPadProbeInfo* info, gpointer self) {
    return static_cast<StreamGate*>(self)->on_unit(pad, info);
  });
  probe(pipeline, "decoded", [](GstPad* pad, GstPadProbeInfo* info, gpointer self) {
    return static_cast<StreamGate*>(self)->on_decoded(pad, info);
  });
  if (const Owned<GstElement> demux{gst_bin_get_by_name(GST_BIN(pipeline), "demux")}) {
    const auto added = +[](GstElement*, GstPad* pad, gpointer self) {
      if (GST_PAD_IS_SRC(pad)) static_cast<StreamGate*>(self)->tell(Message::Kind::stream, text_of(caps_of(pad).get()));
    };
    const auto all = +[](GstElement*, gpointer self) { static_cast<StreamGate*>(self)->tell(Message::Kind::stream, ""); };
    g_signal_connect(demux.get(), "pad-added", G_CALLBACK(added), this);
    g_signal_connect(demux.get(), "no-more-pads", G_CALLBACK(all), this);
    // Parsebin has it: a stream that nothing allowed can take apart, such as a web page.
    const auto unknown = +[](GstElement*, GstPad*, GstCaps* caps, gpointer self) {
      static_cast<StreamGate*>(self)->tell(Message::Kind::stream, text_of(caps));
    };
    if (g_signal_lookup("unknown-type", G_OBJECT_TYPE(demux.get()))) {
      g_signal_connect(demux.get(), "unknown-type", G_CALLBACK(unknown), this);
    }
  }
  if (!rules_.allowed) return;
  const auto made = +[](GstBin*, GstBin*, GstElement* element, gpointer self) {
    static_cast<StreamGate*>(self)->restrict_plugging(element);
  };
  g_signal_connect(pipeline, "deep-element-added", G_CALLBACK(made), this);
  GstIterator* elements = gst_bin_iterate_recurse(GST_BIN(pipeline));
  gst_iterator_foreach(
      elements,
      [](const GValue* value, gpointer self) {
        static_cast<StreamGate*>(self)->restrict_plugging(GST_ELEMENT(g_value_get_object(value)));
      },
      this);
  gst_iterator_free(elements);
}

void StreamGate::tell(Message::Kind kind, std::string caps) {
  Message message{kind};
  message.text = std::move(caps);
  tell_(std::move(message));
}

void StreamGate::probe(GstElement* pipeline, const char* element, GstPadProbeCallback callback) {
  const Owned<GstElement> found(gst_bin_get_by_name(GST_BIN(pipeline), element));
  if (!found) return;
  // The appsrc `units` of a decoding pipeline has no such pad.
  const Owned<GstPad> pad(gst_element_get_static_pad(found.get(), "sink"));
  if (pad) gst_pad_add_probe(pad.get(), kData, callback, this, nullptr);
}

void StreamGate::restrict_plugging(GstElement* element) {
  const char* name = factory_name(element);
  if (std::strcmp(name, "parsebin") != 0 && std::strcmp(name, "decodebin") != 0) return;
  const auto select = +[](GstElement*, GstPad*, GstCaps*, GstElementFactory* factory, gpointer self) -> int {
    return static_cast<StreamGate*>(self)->is_allowed(factory) ? kTry : kSkip;
  };
  g_signal_connect(element, "autoplug-select", G_CALLBACK(select), this);
}

bool StreamGate::is_allowed(GstElementFactory* factory) {
  const char* name = gst_plugin_feature_get_name(GST_PLUGIN_FEATURE(factory));
  if (!name || std::find(rules_.allowed->begin(), rules_.allowed->end(), name) == rules_.allowed->end()) return false;
  // A playlist within a playlist has passed nobody who looks at its addresses.
  return std::strcmp(name, "hlsdemux") != 0 || !has_playlist_.exchange(true);
}

GstPadProbeReturn StreamGate::on_unit(GstPad* pad, GstPadProbeInfo* info) {
  if (GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info); info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
    GstCaps* caps;
    gst_event_parse_caps(event, &caps);
    vp8_ = gst_structure_has_name(gst_caps_get_structure(caps, 0), "video/x-vp8");
    tell(Message::Kind::format, text_of(caps));
    return accept_caps(pad, caps) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  }
  if (vp8_ && !refused_) {
    if (const auto size = vp8_size(GST_PAD_PROBE_INFO_BUFFER(info))) accept_size(pad, size->first, size->second);
  }
  return refused_ ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

GstPadProbeReturn StreamGate::on_decoded(GstPad* pad, GstPadProbeInfo* info) {
  if (GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info); info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
    GstCaps* caps;
    gst_event_parse_caps(event, &caps);
    return accept_caps(pad, caps) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  }
  GstBuffer* frame = GST_PAD_PROBE_INFO_BUFFER(info);
  const bool passes = in_time(frame);
  return !refused_ && (passes || is_late(frame)) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

bool StreamGate::accept_caps(GstPad* pad, const GstCaps* caps) {
  const GstStructure* format = gst_caps_get_structure(caps, 0);
  gint width, height;
  if (!gst_structure_get_int(format, "width", &width) || !gst_structure_get_int(format, "height", &height)) return true;
  return accept_size(pad, std::max(0, width), std::max(0, height));
}

bool StreamGate::accept_size(GstPad* pad, uint64_t width, uint64_t height) {
  if (refused_) return false;
  if (!rules_.max_pixels || width * height <= *rules_.max_pixels) return true;
  refused_ = true;
  const Owned<GstElement> element(gst_pad_get_parent_element(pad));
  const std::string size = std::to_string(width) + "x" + std::to_string(height);
  GError* error = g_error_new(GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE, "picture too large: %s", size.c_str());
  const Owned<GError> owned(error);
  gst_element_post_message(element.get(), gst_message_new_error(GST_OBJECT(element.get()), error, size.c_str()));
  return false;
}

bool StreamGate::is_late(GstBuffer* frame) const {
  const std::optional<UnitMark> mark = passes_late_ ? mark_of(frame) : std::nullopt;
  return mark && mark->late;
}

std::optional<RateLimit> StreamGate::rate() {
  const std::lock_guard lock(rate_mutex_);
  return rate_fps_ == max_fps_ ? rate_ : std::nullopt;
}

bool StreamGate::in_time(GstBuffer* buffer) {
  const std::lock_guard lock(rate_mutex_);
  if (const int fps = max_fps_; fps != rate_fps_) {
    rate_fps_ = fps;
    rate_.reset();
    if (fps > 0) rate_.emplace(fps);
  }
  if (!rate_) return true;
  if (GST_BUFFER_PTS_IS_VALID(buffer)) return rate_->passes(GST_BUFFER_PTS(buffer));
  if (mode_ == Mode::newest) return rate_->passes(g_get_monotonic_time() * 1000);
  return rate_->passes(std::exchange(assumed_, assumed_ + kUnknownStep));
}

}  // namespace rollcall
