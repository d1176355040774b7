#include "decoder.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/base/gstbasesrc.h>
#include <gst/video/video.h>

#include <stdexcept>
#include <utility>

#include "decoder-threads.h"
#include "gst-pipeline.h"
#include "unit-meta.h"

namespace rollcall {

Decoder::Decoder(const std::string& launch, UnitFlow& flow, EventQueue& queue, DecoderListener listener)
    : flow_(flow), queue_(queue), listener_(std::move(listener)), pipeline_(parse_pipeline(launch)) {
  units_ = find_appsrc(pipeline_.get(), "units");
  frames_ = find_appsink(pipeline_.get(), "frames");
  if (!frames_) throw std::runtime_error("the decoding line has no appsink named 'frames'");
  configure_feed(units_.get());
  configure_frames(frames_.get());
  // Nothing need be decoded before it plays.
  g_object_set(frames_.get(), "async", FALSE, nullptr);
  restore_times();
  GstAppSrcCallbacks feeding = {};
  feeding.need_data = [](GstAppSrc*, guint, gpointer self) { static_cast<Decoder*>(self)->feed(); };
  gst_app_src_set_callbacks(GST_APP_SRC(units_.get()), &feeding, this, nullptr);
  GstAppSinkCallbacks taking = {};
  taking.new_sample = [](GstAppSink*, gpointer self) { return static_cast<Decoder*>(self)->pull(); };
  gst_app_sink_set_callbacks(GST_APP_SINK(frames_.get()), &taking, this, nullptr);
  on_bus(pipeline_.get(), [](GstMessage* message, gpointer self) { static_cast<Decoder*>(self)->on_message(message); }, this);
}

/**
 * What appsrc changes is made right again: decoders leave out what lies outside a segment, so they get its end, which
 * appsrc must not see; and a unit without a presentation time gets none, where GstBaseSrc takes the decoding time.
 */
void Decoder::restore_times() {
  const auto restore = +[](GstPad*, GstPadProbeInfo* info, gpointer data) {
    const auto* self = static_cast<Decoder*>(data);
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
      GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
      if (GST_BUFFER_PTS(buffer) == self->pts_) return GST_PAD_PROBE_OK;
      buffer = gst_buffer_make_writable(buffer);
      GST_BUFFER_PTS(buffer) = self->pts_;
      GST_PAD_PROBE_INFO_DATA(info) = buffer;
    } else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_SEGMENT && self->has_fed_) {
      gst_event_unref(GST_PAD_PROBE_INFO_EVENT(info));
      GST_PAD_PROBE_INFO_DATA(info) = gst_event_new_segment(&self->segment_);
    }
    return GST_PAD_PROBE_OK;
  };
  const Owned<GstPad> pad(gst_element_get_static_pad(units_.get(), "src"));
  gst_pad_add_probe(pad.get(), static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
                    restore, this, nullptr);
}

bool Decoder::open() { return gst_element_set_state(pipeline_.get(), GST_STATE_READY) != GST_STATE_CHANGE_FAILURE; }

void Decoder::start(uint64_t reader) {
  reader_ = reader;
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return;
  Message message = not_started(pipeline_.get());
  if (listener_.failed) fail(message.text);
  else queue_.push_message(std::move(message));
}

void Decoder::retire() {
  const std::lock_guard lock(giving_);
  is_retired_ = true;
}

void Decoder::fail(std::string reason) {
  if (!is_retired_ && !has_failed_.exchange(true)) listener_.failed(std::move(reason));
}

void Decoder::stop() {
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  DecodeTurns::of_process().give_back(turn_);
  const Owned<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
  units_.reset();
  frames_.reset();
  pipeline_.reset();
}

void Decoder::feed() {
  // appsrc asks once what it was given has gone through.
  DecodeTurns::of_process().give_back(turn_);
  while (std::optional<Step> step = flow_.next(reader_)) {
    if (auto* feed = std::get_if<Feed>(&*step)) return push(*feed);
    if (std::holds_alternative<Leave>(*step)) return leave();
    if (auto* note = std::get_if<Note>(&*step)) {
      if (!pass_on(std::move(*note))) return;
    } else if (has_fed_) {
      drain();
    }
  }
}

void Decoder::push(const Feed& feed) {
  has_fed_ = true;
  // Hardware takes no core.
  if (flow_.mode() == Mode::newest && !listener_.failed) DecodeTurns::of_process().take(turn_);
  gst_segment_copy_into(gst_sample_get_segment(feed.unit.sample.get()), &segment_);
  pts_ = feed.unit.pts();
  const UnitMark mark{feed.unit.number, feed.damaged, feed.silent, feed.late, pts_};
  fed_damaged_ = feed.damaged;
  int64_t nothing = 0;
  owes_since_us_.compare_exchange_strong(nothing, g_get_monotonic_time());
  // A recording is decoded as it is.
  gst_app_src_push_sample(GST_APP_SRC(units_.get()),
                          (flow_.mode() == Mode::every ? unmarked(feed.unit) : marked(feed.unit, mark, feed.parameters)).get());
}

/** The end of the stream makes it give out what it holds. */
void Decoder::leave() {
  if (!has_fed_) return listener_.left();
  is_leaving_ = true;
  gst_app_src_end_of_stream(GST_APP_SRC(units_.get()));
}

/** In the streaming thread, after all that was pushed. Decoders give out what they hold, and forget it. */
void Decoder::drain() {
  const Owned<GstPad> pad(gst_element_get_static_pad(units_.get(), "src"));
  gst_pad_push_event(pad.get(), gst_video_event_new_still_frame(TRUE));
}

bool Decoder::pass_on(Note note) {
  if (auto* event = std::get_if<Shared<GstEvent>>(&note)) {
    // GstBaseSrc pushes it before the next buffer, after the segment; appsrc would push it before that.
    auto* base = GST_ELEMENT_CLASS(g_type_class_peek(GST_TYPE_BASE_SRC));
    base->send_event(units_.get(), gst_event_ref(event->get()));
    return true;
  }
  auto& message = std::get<Message>(note);
  const bool is_last = message.kind == Message::Kind::eos || message.kind == Message::Kind::error;
  if (!is_last || !has_fed_) {
    queue_.push_message(std::move(message));
    return !is_last;
  }
  last_ = std::move(message);
  is_ending_ = true;
  gst_app_src_end_of_stream(GST_APP_SRC(units_.get()));
  return false;
}

GstFlowReturn Decoder::pull() {
  Owned<GstSample> sample(gst_app_sink_pull_sample(GST_APP_SINK(frames_.get())));
  if (!sample || !gst_sample_get_buffer(sample.get())) return GST_FLOW_OK;
  const std::lock_guard lock(giving_);
  // What comes after a failure may have a gap before it.
  if (is_retired_ || has_failed_) return GST_FLOW_FLUSHING;
  owes_since_us_ = 0;
  if (listener_.failed && !mark_of(gst_sample_get_buffer(sample.get()))) {
    fail("it does not say which picture is which");
    return GST_FLOW_FLUSHING;
  }
  if (listener_.gave && !has_given_.exchange(true)) listener_.gave();
  return give(std::move(sample));
}

GstFlowReturn Decoder::give(Owned<GstSample> sample) {
  GstBuffer* buffer = gst_sample_get_buffer(sample.get());
  const std::optional<UnitMark> mark = mark_of(buffer);
  if (mark && mark->silent) return GST_FLOW_OK;
  if (mark && !mark->damaged && flow_.dozes()) {
    const std::optional<PictureCells> cells = cells_of(sample.get());
    if (cells && !flow_.look(mark->number, *cells, DecodeTurns::of_process().are_short())) return GST_FLOW_OK;
  }
  if (mark && GST_CLOCK_TIME_IS_VALID(mark->pts) && GST_BUFFER_PTS(buffer) != mark->pts) {
    const Owned<GstBuffer> timed(gst_buffer_copy(buffer));
    GST_BUFFER_PTS(timed.get()) = mark->pts;
    sample.reset(gst_sample_new(timed.get(), gst_sample_get_caps(sample.get()), gst_sample_get_segment(sample.get()), nullptr));
  }
  if (mark) flow_.gave(mark->pts);
  // A decoder that loses the mark gives out at once what it is fed, or when it is drained, before a whole unit follows.
  const bool open = queue_.push_frame(std::move(sample), unix_ms(), mark ? mark->damaged : fed_damaged_.load(), mark && mark->late);
  return open ? GST_FLOW_OK : GST_FLOW_FLUSHING;
}

void Decoder::on_message(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
    case GST_MESSAGE_WARNING: {
      Message told = describe(message);
      if (is_retired_) break;
      if (!listener_.failed) queue_.push_message(std::move(told));
      else if (told.kind == Message::Kind::error) fail(std::move(told.text));
      break;
    }
    case GST_MESSAGE_EOS:
      if (GST_MESSAGE_SRC(message) != GST_OBJECT(pipeline_.get()) || is_retired_) break;
      if (is_leaving_) listener_.left();
      else if (listener_.failed && !is_ending_) fail("it has ended by itself");
      else queue_.push_message(std::move(last_));
      break;
    case GST_MESSAGE_STREAM_STATUS:
      if (flow_.mode() == Mode::newest) make_less_urgent(message);
      break;
    default:
      break;
  }
}

}  // namespace rollcall
