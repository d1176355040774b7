#include "encoder.h"

#include <gst/app/gstappsrc.h>

#include <stdexcept>

#include "gst-pipeline.h"

namespace rollcall {
namespace {

/** One picture is encoded and two wait: enough that neither side waits for the other between two pictures. */
constexpr guint64 most_waiting = 2;
constexpr GstClockTime look_every = 2 * GST_MSECOND, say_why_within = GST_SECOND;

}  // namespace

Encoder::Encoder(const std::string& launch)
    : pipeline_(parse_pipeline(launch)), source_(find_appsrc(pipeline_.get(), "pictures")), bus_(gst_element_get_bus(pipeline_.get())) {
  g_object_set(source_.get(), "format", GST_FORMAT_TIME, "emit-signals", FALSE, "max-bytes", G_GUINT64_CONSTANT(0), nullptr);
}

Encoder::~Encoder() { stop(); }

void Encoder::start() {
  if (is_started_) return;
  is_started_ = true;
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return;
  fail(not_started(pipeline_.get()).text);
}

void Encoder::fail(const std::string& text) {
  ended(say_why_within);
  failure_ = text;
  throw_failure();
}

bool Encoder::ended(GstClockTime within) {
  const auto kinds = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  GstMessage* message = gst_bus_timed_pop_filtered(bus_.get(), within, kinds);
  if (!message) return false;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) failure_ = describe(message).text;
  gst_message_unref(message);
  throw_failure();
  return true;
}

void Encoder::throw_failure() {
  if (failure_) throw std::runtime_error(*failure_);
}

void Encoder::give(Owned<GstBuffer> picture, const std::string& caps) {
  const std::lock_guard<std::mutex> lock(one_at_a_time_);
  throw_failure();
  GstAppSrc* source = GST_APP_SRC(source_.get());
  if (caps != caps_) {
    const Owned<GstCaps> parsed(gst_caps_from_string(caps.c_str()));
    gst_app_src_set_caps(source, parsed.get());
    caps_ = caps;
  }
  start();
  const guint64 most_bytes = most_waiting * gst_buffer_get_size(picture.get());
  const GstFlowReturn flow = gst_app_src_push_buffer(source, picture.release());
  if (flow != GST_FLOW_OK) fail(std::string("the encoder takes no more pictures: ") + gst_flow_get_name(flow));
  ended(0);
  while (gst_app_src_get_current_level_bytes(source) > most_bytes) ended(look_every);
}

void Encoder::finish() {
  const std::lock_guard<std::mutex> lock(one_at_a_time_);
  throw_failure();
  start();
  gst_app_src_end_of_stream(GST_APP_SRC(source_.get()));
  ended(GST_CLOCK_TIME_NONE);
}

void Encoder::stop() {
  const std::lock_guard<std::mutex> lock(one_at_a_time_);
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

}  // namespace rollcall
