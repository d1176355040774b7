#include "pipeline.h"

#include <gst/app/gstappsink.h>

#include <stdexcept>
#include <utility>

namespace rollcall {
namespace {

Owned<GstElement> parse(const std::string& launch) {
  GError* raw = nullptr;
  // Floating, so that the pipeline, not the parser, owns it.
  GstElement* element = gst_parse_launch_full(launch.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &raw);
  const Owned<GError> error(raw);
  if (!element) throw std::runtime_error(error ? error->message : "the launch line is empty");
  Owned<GstElement> pipeline(GST_ELEMENT(gst_object_ref_sink(element)));
  if (!GST_IS_PIPELINE(element)) throw std::runtime_error("the launch line is a single element, not a pipeline");
  return pipeline;
}

Owned<GstElement> find_appsink(GstElement* pipeline, const char* name) {
  Owned<GstElement> found(gst_bin_get_by_name(GST_BIN(pipeline), name));
  if (found && !GST_IS_APP_SINK(found.get())) {
    throw std::runtime_error(std::string("the element named '") + name + "' is not an appsink");
  }
  return found;
}

void configure(GstElement* sink, bool encoded) {
  // sync: the newest frame is wanted now, not at its presentation time. enable-last-sample: it would keep a decoder
  // buffer for ever. async: the pipeline need not wait for an encoded sample before it plays.
  g_object_set(sink, "sync", FALSE, "enable-last-sample", FALSE, "max-buffers", 2u, "drop", FALSE, "async",
               encoded ? FALSE : TRUE, nullptr);
  if (encoded) return;
  const Owned<GstCaps> caps(gst_caps_from_string("video/x-raw, format=(string){ I420, NV12 }"));
  g_object_set(sink, "caps", caps.get(), nullptr);
}

/** GStreamer gives null for a domain without a name and for an element that is being taken apart. */
const char* or_empty(const char* text) { return text ? text : ""; }

Message describe(GstMessage* message, Message::Kind kind) {
  GError* raw = nullptr;
  gchar* debug_raw = nullptr;
  if (kind == Message::Kind::error) {
    gst_message_parse_error(message, &raw, &debug_raw);
  } else {
    gst_message_parse_warning(message, &raw, &debug_raw);
  }
  const Owned<GError> error(raw);
  const Owned<gchar> debug(debug_raw);
  Message result{kind};
  if (error) {
    result.domain = or_empty(g_quark_to_string(error->domain));
    result.code = error->code;
    result.text = or_empty(error->message);
  }
  if (debug) result.debug = debug.get();
  if (GST_MESSAGE_SRC(message)) result.element = or_empty(GST_OBJECT_NAME(GST_MESSAGE_SRC(message)));
  return result;
}

double unix_ms() { return static_cast<double>(g_get_real_time()) / 1000.0; }

}  // namespace

Pipeline::Pipeline(const std::string& launch, Mode mode, StreamRules rules, std::function<void()> wake)
    : queue_(mode, std::move(wake)), gate_(std::move(rules), mode, queue_), pipeline_(parse(launch)) {
  frames_ = find_appsink(pipeline_.get(), "frames");
  encoded_ = find_appsink(pipeline_.get(), "encoded");
  if (!frames_) throw std::runtime_error("the launch line has no appsink named 'frames'");

  gate_.attach(pipeline_.get());
  // `this` outlives the callbacks: the control thread holds it until `release()` has removed them.
  GstAppSinkCallbacks callbacks = {};
  configure(frames_.get(), false);
  callbacks.new_sample = [](GstAppSink* sink, gpointer self) {
    return static_cast<Pipeline*>(self)->pull(GST_ELEMENT(sink), false);
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(frames_.get()), &callbacks, this, nullptr);
  if (encoded_) {
    configure(encoded_.get(), true);
    callbacks.new_sample = [](GstAppSink* sink, gpointer self) {
      return static_cast<Pipeline*>(self)->pull(GST_ELEMENT(sink), true);
    };
    gst_app_sink_set_callbacks(GST_APP_SINK(encoded_.get()), &callbacks, this, nullptr);
  }
  const Owned<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  // In the poster's thread, so that messages and frames of one thread keep their order.
  gst_bus_set_sync_handler(
      bus.get(),
      [](GstBus*, GstMessage* message, gpointer self) {
        static_cast<Pipeline*>(self)->on_message(message);
        gst_message_unref(message);
        return GST_BUS_DROP;
      },
      this, nullptr);
}

Pipeline::~Pipeline() {
  // Joinable only when the control thread itself drops the last reference, or was given up on at exit.
  if (thread_.joinable()) thread_.detach();
}

void Pipeline::start(std::function<void()> stopped) {
  thread_ = std::thread([self = shared_from_this(), stopped = std::move(stopped)] {
    self->control();
    stopped();
  });
}

void Pipeline::request_stop() {
  // Before the state change: a streaming thread that waits for room holds a lock which the state change needs.
  queue_.close();
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
}

bool Pipeline::wait_stopped(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline, [&] { return stopped_; });
}

void Pipeline::join() {
  if (thread_.joinable()) thread_.join();
}

void Pipeline::control() {
  std::unique_lock lock(mutex_);
  if (!stop_) {
    lock.unlock();
    play();
    lock.lock();
  }
  while (!stop_) {
    changed_.wait(lock, [&] { return stop_ || latency_; });
    if (!std::exchange(latency_, false) || stop_) continue;
    lock.unlock();
    gst_bin_recalculate_latency(GST_BIN(pipeline_.get()));
    lock.lock();
  }
  lock.unlock();
  release();
  lock.lock();
  stopped_ = true;
  lock.unlock();
  changed_.notify_all();
}

void Pipeline::play() {
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return;
  // The element that failed has said why; this is for those which fail silently, and comes last.
  Message message{Message::Kind::error};
  message.domain = g_quark_to_string(GST_CORE_ERROR);
  message.code = GST_CORE_ERROR_STATE_CHANGE;
  message.text = "The pipeline could not be started.";
  message.element = GST_OBJECT_NAME(pipeline_.get());
  queue_.push_message(std::move(message));
}

void Pipeline::release() {
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  GstAppSinkCallbacks none = {};
  gst_app_sink_set_callbacks(GST_APP_SINK(frames_.get()), &none, nullptr, nullptr);
  if (encoded_) gst_app_sink_set_callbacks(GST_APP_SINK(encoded_.get()), &none, nullptr, nullptr);
  const Owned<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
  encoded_.reset();
  frames_.reset();
  pipeline_.reset();
}

GstFlowReturn Pipeline::pull(GstElement* sink, bool encoded) {
  Owned<GstSample> sample(gst_app_sink_pull_sample(GST_APP_SINK(sink)));
  GstBuffer* buffer = sample ? gst_sample_get_buffer(sample.get()) : nullptr;
  if (!buffer) return GST_FLOW_OK;
  bool open;
  if (encoded) {
    const bool key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    const size_t bytes = gst_buffer_get_size(buffer);
    open = queue_.push_unit({std::move(sample), key, bytes});
  } else {
    open = queue_.push_frame(std::move(sample), unix_ms());
  }
  return open ? GST_FLOW_OK : GST_FLOW_FLUSHING;
}

void Pipeline::on_message(GstMessage* message) {
  const bool own = GST_MESSAGE_SRC(message) == GST_OBJECT(pipeline_.get());
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
      queue_.push_message(describe(message, Message::Kind::error));
      break;
    case GST_MESSAGE_WARNING:
      queue_.push_message(describe(message, Message::Kind::warning));
      break;
    case GST_MESSAGE_EOS:
      if (own) queue_.push_message({Message::Kind::eos});
      break;
    case GST_MESSAGE_STATE_CHANGED:
      if (own) {
        Message changed{Message::Kind::state};
        gst_message_parse_state_changed(message, nullptr, &changed.state, nullptr);
        queue_.push_message(std::move(changed));
      }
      break;
    case GST_MESSAGE_LATENCY: {
      // Not here: recalculating sends queries through the pipeline, whose locks the posting thread may hold.
      {
        std::lock_guard lock(mutex_);
        latency_ = true;
      }
      changed_.notify_all();
      break;
    }
    default:
      break;
  }
}

}  // namespace rollcall
