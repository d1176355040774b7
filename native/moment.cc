#include "moment.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/base/gstbasesrc.h>

#include "decoder-threads.h"
#include "gst-pipeline.h"
#include "unit-meta.h"

namespace rollcall {
namespace {

constexpr GstClockTime kLookEvery = 50 * GST_MSECOND;

/** Of all decoded frames only the wanted one is converted and turned. */
void pass_only(GstElement* pipeline, const uint64_t& wanted) {
  const Owned<GstElement> decoded(gst_bin_get_by_name(GST_BIN(pipeline), "decoded"));
  const Owned<GstPad> pad(decoded ? gst_element_get_static_pad(decoded.get(), "sink") : nullptr);
  if (!pad) return;
  const auto look = +[](GstPad*, GstPadProbeInfo* info, gpointer number) {
    const auto mark = mark_of(GST_PAD_PROBE_INFO_BUFFER(info));
    return mark && mark->number == *static_cast<const uint64_t*>(number) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  };
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, look, const_cast<uint64_t*>(&wanted), nullptr);
}

void push_all(GstElement* appsrc, const Moment& moment) {
  for (const auto& event : moment.tags) {
    auto* base = GST_ELEMENT_CLASS(g_type_class_peek(GST_TYPE_BASE_SRC));
    base->send_event(appsrc, gst_event_ref(event.get()));
  }
  for (const Unit& unit : moment.units) {
    if (unit.nature.disposable && &unit != &moment.units.back()) continue;
    gst_app_src_push_sample(GST_APP_SRC(appsrc), marked(unit, {unit.number, false, false, unit.pts()}).get());
  }
  gst_app_src_end_of_stream(GST_APP_SRC(appsrc));
}

/** A picture of a past moment is less urgent than what is analysed now. */
void be_less_urgent(GstBus* bus) {
  const auto look = +[](GstBus*, GstMessage* message, gpointer) {
    make_less_urgent(message);
    return GST_BUS_PASS;
  };
  gst_bus_set_sync_handler(bus, look, nullptr, nullptr);
}

/** Without a main loop nobody else reads the bus. */
bool has_failed(GstBus* bus) {
  GstMessage* error = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
  if (error) gst_message_unref(error);
  return error != nullptr;
}

}  // namespace

Owned<GstSample> decode_moment(const std::string& launch, const Moment& moment, const std::atomic<bool>& cancelled) {
  const Owned<GstElement> pipeline = parse_pipeline(launch);
  const Owned<GstElement> units = find_appsrc(pipeline.get(), "units"), frames = find_appsink(pipeline.get(), "frames");
  const Owned<GstBus> bus(gst_element_get_bus(pipeline.get()));
  const uint64_t wanted = moment.units.back().number;
  be_less_urgent(bus.get());
  configure_feed(units.get());
  configure_frames(frames.get());
  g_object_set(units.get(), "max-bytes", guint64{0}, nullptr);
  pass_only(pipeline.get(), wanted);
  push_all(units.get(), moment);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  Owned<GstSample> found;
  while (!found && !cancelled && !has_failed(bus.get()) && !gst_app_sink_is_eos(GST_APP_SINK(frames.get()))) {
    Owned<GstSample> sample(gst_app_sink_try_pull_sample(GST_APP_SINK(frames.get()), kLookEvery));
    const auto mark = sample ? mark_of(gst_sample_get_buffer(sample.get())) : std::nullopt;
    if (mark && mark->number == wanted) found = std::move(sample);
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return found;
}

}  // namespace rollcall
