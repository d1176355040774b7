#include "pipeline.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "gst-pipeline.h"
#include "start-codes.h"

namespace rollcall {

Pipeline::Pipeline(PipelineOptions options, std::function<void()> wake)
    : queue_(options.mode, std::move(wake)),
      flow_(options.mode, options.limits, [this] { queue_.ring(); }, [this] { return gate_.rate(); }),
      gate_(options.rules, options.mode, [this](Message message) { tell(std::move(message)); }),
      pipeline_(parse_pipeline(options.launch)) {
  flow_.limit(options.rules.max_fps, false);
  if (options.decode) {
    units_ = find_appsink(pipeline_.get(), "units");
    if (!units_) throw std::runtime_error("the launch line has no appsink named 'units'");
    decoders_ = std::make_unique<Decoders>(*options.decode, flow_, queue_, gate_, options.limits.max_lag_ms,
                                           [this] { note(decoder_news_); });
    moments_ = std::make_unique<MomentDecoder>(*options.decode, options.keep_decoder);
    continuity_.attach(pipeline_.get());
    rtp_times_.attach(pipeline_.get());
    take_off_start_codes(pipeline_.get());
    // After that: it looks at the first bytes of NAL units.
    codec_watch_.attach(pipeline_.get());
  } else {
    frames_ = find_appsink(pipeline_.get(), "frames");
    if (!frames_) throw std::runtime_error("the launch line has no appsink named 'frames'");
  }
  gate_.attach(pipeline_.get());
  // `this` outlives the callbacks: the control thread holds it until `release()` has removed them.
  if (units_) {
    configure_units(units_.get());
    follow_events();
    connect(units_.get(), [](GstAppSink*, gpointer self) { return static_cast<Pipeline*>(self)->pull_unit(); });
  } else {
    configure_frames(frames_.get());
    connect(frames_.get(), [](GstAppSink*, gpointer self) { return static_cast<Pipeline*>(self)->pull_frame(); });
  }
  on_bus(pipeline_.get(), [](GstMessage* message, gpointer self) { static_cast<Pipeline*>(self)->on_message(message); }, this);
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
  flow_.close();
  if (moments_) moments_->cancel();
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
  std::optional<std::chrono::steady_clock::time_point> idle_at, look_at;
  const auto is_due = [&] { return stop_ || latency_ || moment_decoded_ || decoder_news_; };
  while (!stop_) {
    const auto at = idle_at && look_at ? std::min(idle_at, look_at) : idle_at ? idle_at : look_at;
    if (at) changed_.wait_until(lock, *at, is_due);
    else changed_.wait(lock, is_due);
    if (stop_) break;
    const bool latency = std::exchange(latency_, false);
    moment_decoded_ = decoder_news_ = false;
    lock.unlock();
    if (latency) gst_bin_recalculate_latency(GST_BIN(pipeline_.get()));
    if (moments_) idle_at = moments_->close_idle();
    if (decoders_) look_at = decoders_->work();
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
  if (decoders_) decoders_->start();
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return;
  // The element that failed has said why; this is for those which fail silently, and comes last.
  tell(not_started(pipeline_.get()));
}

void Pipeline::release() {
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  if (decoders_) decoders_->stop();
  if (moments_) moments_->close();
  GstAppSinkCallbacks none = {};
  gst_app_sink_set_callbacks(GST_APP_SINK((units_ ? units_ : frames_).get()), &none, nullptr, nullptr);
  const Owned<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
  units_.reset();
  frames_.reset();
  pipeline_.reset();
}

std::vector<Owned<GstSample>> Pipeline::decode(const Moment& moment) {
  auto found = moments_->decode(moment);
  note(moment_decoded_);
  return found;
}

/** Wakes the control thread. */
void Pipeline::note(bool& change) {
  {
    std::lock_guard lock(mutex_);
    change = true;
  }
  changed_.notify_all();
}

void Pipeline::connect(GstElement* sink, GstFlowReturn (*pull)(GstAppSink* sink, gpointer self)) {
  GstAppSinkCallbacks callbacks = {};
  callbacks.new_sample = pull;
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, this, nullptr);
}

GstFlowReturn Pipeline::pull_frame() {
  Owned<GstSample> sample(gst_app_sink_pull_sample(GST_APP_SINK(frames_.get())));
  if (!sample || !gst_sample_get_buffer(sample.get())) return GST_FLOW_OK;
  return queue_.push_frame(std::move(sample), unix_ms(), false, false) ? GST_FLOW_OK : GST_FLOW_FLUSHING;
}

GstFlowReturn Pipeline::pull_unit() {
  Owned<GstSample> sample(gst_app_sink_pull_sample(GST_APP_SINK(units_.get())));
  GstBuffer* buffer = sample ? gst_sample_get_buffer(sample.get()) : nullptr;
  const GstCaps* caps = sample ? gst_sample_get_caps(sample.get()) : nullptr;
  if (!buffer || !caps) return GST_FLOW_OK;
  Unit unit;
  unit.nature = natures_.read(caps, buffer);
  unit.bytes = gst_buffer_get_size(buffer);
  unit.sample = Shared<GstSample>(std::move(sample));
  const Damage damage = continuity_.damage_of(unit);
  if (damage == Damage::alone && flow_.mode() == Mode::newest) {
    flow_.leave_out();
    return GST_FLOW_OK;
  }
  unit.broken = damage != Damage::none;
  unit.rtp_time = rtp_times_.of(unit.pts());
  unit.arrived_us = g_get_monotonic_time();
  unit.arrived_at_ms = unix_ms();
  return flow_.push(std::move(unit)) ? GST_FLOW_OK : GST_FLOW_FLUSHING;
}

/** Samples carry format and segment. Tags, which say how the picture is turned, and losses are told of beside them. */
void Pipeline::follow_events() {
  const auto follow = +[](GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto* self = static_cast<Pipeline*>(data);
    GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
    if (self->continuity_.see_event(event)) return GST_PAD_PROBE_DROP;
    if (GST_EVENT_TYPE(event) == GST_EVENT_TAG) {
      self->flow_.push_note(Shared<GstEvent>(Owned<GstEvent>(gst_event_ref(event))));
    }
    return GST_PAD_PROBE_OK;
  };
  const Owned<GstPad> pad(gst_element_get_static_pad(units_.get(), "sink"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, follow, this, nullptr);
}

/** The end comes after the last frame; in mode `every` the rest too stays in order with the frames. */
void Pipeline::tell(Message message) {
  const bool in_order = message.kind == Message::Kind::eos || flow_.mode() == Mode::every;
  if (decoders_ && in_order && message.kind != Message::Kind::state) {
    flow_.push_note(std::move(message));
  } else {
    queue_.push_message(std::move(message));
  }
}

void Pipeline::on_message(GstMessage* message) {
  const bool own = GST_MESSAGE_SRC(message) == GST_OBJECT(pipeline_.get());
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
    case GST_MESSAGE_WARNING:
      tell(describe(message));
      break;
    case GST_MESSAGE_EOS:
      if (own) tell({Message::Kind::eos});
      break;
    case GST_MESSAGE_STATE_CHANGED:
      if (own) {
        Message changed{Message::Kind::state};
        gst_message_parse_state_changed(message, nullptr, &changed.state, nullptr);
        tell(std::move(changed));
      }
      break;
    case GST_MESSAGE_LATENCY:
      // Not here: recalculating sends queries through the pipeline, whose locks the posting thread may hold.
      note(latency_);
      break;
    default:
      break;
  }
}

}  // namespace rollcall
