#include "moment.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/base/gstbasesrc.h>
#include <gst/video/video.h>

#include <algorithm>
#include <utility>

#include "decoder-threads.h"
#include "gst-pipeline.h"
#include "unit-meta.h"

namespace rollcall {
namespace {

constexpr GstClockTime kLookEvery = 50 * GST_MSECOND;

using Samples = std::vector<Owned<GstSample>>;

/** Where the number is; the size when it is not. */
size_t place_of(const std::vector<uint64_t>& numbers, uint64_t number) {
  return static_cast<size_t>(std::find(numbers.begin(), numbers.end(), number) - numbers.begin());
}

}  // namespace

/** An open decoder. */
class MomentDecoder::Line {
 public:
  explicit Line(const std::string& launch)
      : pipeline_(parse_pipeline(launch)),
        units_(find_appsrc(pipeline_.get(), "units")),
        frames_(find_appsink(pipeline_.get(), "frames")) {
    configure_feed(units_.get());
    configure_frames(frames_.get());
    g_object_set(units_.get(), "max-bytes", guint64{0}, nullptr);
    g_object_set(frames_.get(), "async", FALSE, nullptr);
    follow_bus();
    pass_only_wanted();
    count_drains();
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  }

  ~Line() {
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
    const Owned<GstBus> bus(gst_element_get_bus(pipeline_.get()));
    gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
  }

  Samples decode(const Moment& moment, const std::atomic<bool>& cancelled) {
    {
      const std::lock_guard lock(mutex_);
      wanted_ = moment.wanted;
    }
    push(moment);
    Samples found(moment.wanted.size());
    size_t missing = found.size();
    while (missing > 0 && !cancelled && !has_failed_) {
      // Asked before the sink gives what it has: the pictures come before the end does.
      const bool is_over = drained_ == pushed_ || gst_app_sink_is_eos(GST_APP_SINK(frames_.get()));
      Owned<GstSample> sample(gst_app_sink_try_pull_sample(GST_APP_SINK(frames_.get()), is_over ? 0 : kLookEvery));
      if (!sample && is_over) break;
      const auto mark = sample ? mark_of(gst_sample_get_buffer(sample.get())) : std::nullopt;
      const size_t at = mark ? place_of(moment.wanted, mark->number) : found.size();
      if (at == found.size() || found[at]) continue;
      found[at] = std::move(sample);
      --missing;
    }
    return found;
  }

 private:
  /** Without a main loop nobody else reads the bus. A picture of a past moment is less urgent than what is analysed now. */
  void follow_bus() {
    on_bus(pipeline_.get(),
           [](GstMessage* message, gpointer self) {
             make_less_urgent(message);
             if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) static_cast<Line*>(self)->has_failed_ = true;
           },
           this);
  }

  /** Of all decoded frames only the wanted ones are converted and turned. */
  void pass_only_wanted() {
    const Owned<GstElement> decoded(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "decoded"));
    const Owned<GstPad> pad(gst_element_get_static_pad(decoded ? decoded.get() : frames_.get(), "sink"));
    const auto look = +[](GstPad*, GstPadProbeInfo* info, gpointer self) {
      const auto mark = mark_of(GST_PAD_PROBE_INFO_BUFFER(info));
      return mark && static_cast<Line*>(self)->wants(mark->number) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
    };
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, look, this, nullptr);
  }

  /** The event that drains passes on behind all that the decoder had held. */
  void count_drains() {
    const auto look = +[](GstPad*, GstPadProbeInfo* info, gpointer self) {
      gboolean begins = FALSE;
      const bool is_drain = gst_video_event_parse_still_frame(GST_PAD_PROBE_INFO_EVENT(info), &begins) && begins;
      if (is_drain) ++static_cast<Line*>(self)->drained_;
      return GST_PAD_PROBE_OK;
    };
    const Owned<GstPad> pad(gst_element_get_static_pad(frames_.get(), "sink"));
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, look, this, nullptr);
  }

  bool wants(uint64_t number) {
    const std::lock_guard lock(mutex_);
    return place_of(wanted_, number) < wanted_.size();
  }

  void push(const Moment& moment) {
    for (const auto& event : moment.tags) {
      auto* base = GST_ELEMENT_CLASS(g_type_class_peek(GST_TYPE_BASE_SRC));
      base->send_event(units_.get(), gst_event_ref(event.get()));
    }
    for (const Unit& unit : moment.units) {
      if (unit.nature.disposable && place_of(moment.wanted, unit.number) == moment.wanted.size()) continue;
      gst_app_src_push_sample(GST_APP_SRC(units_.get()), marked(unit, {unit.number, false, false, false, unit.pts()}).get());
    }
    // appsrc keeps it in its queue, behind the units.
    gst_element_send_event(units_.get(), gst_video_event_new_still_frame(TRUE));
    ++pushed_;
  }

  const Owned<GstElement> pipeline_, units_, frames_;
  std::mutex mutex_;
  std::vector<uint64_t> wanted_;
  std::atomic<bool> has_failed_{false};
  std::atomic<uint64_t> drained_{0};
  uint64_t pushed_ = 0;
};

MomentDecoder::MomentDecoder(std::string launch, Clock::duration keep) : launch_(std::move(launch)), keep_(keep) {}
MomentDecoder::~MomentDecoder() = default;

Samples MomentDecoder::decode(const Moment& moment) {
  const std::lock_guard lock(mutex_);
  if (cancelled_) return Samples(moment.wanted.size());
  if (!line_) line_ = std::make_unique<Line>(launch_);
  Samples found = line_->decode(moment, cancelled_);
  // A decoder that did not give all may be in any state.
  if (std::find(found.begin(), found.end(), nullptr) != found.end()) line_.reset();
  used_ = Clock::now();
  return found;
}

std::optional<MomentDecoder::Clock::time_point> MomentDecoder::close_idle() {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return Clock::now() + keep_;
  if (line_ && Clock::now() - used_ >= keep_) line_.reset();
  return line_ ? std::optional(used_ + keep_) : std::nullopt;
}

void MomentDecoder::close() {
  const std::lock_guard lock(mutex_);
  line_.reset();
}

}  // namespace rollcall
