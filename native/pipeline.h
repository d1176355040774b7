#pragma once
#include <gst/app/gstappsink.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "codec-watch.h"
#include "continuity.h"
#include "decoders.h"
#include "moment.h"
#include "nal-units.h"
#include "rtp-times.h"
#include "stream-gate.h"

namespace rollcall {

/** `OpenOptions` of index.d.ts, without JavaScript. */
struct PipelineOptions {
  std::string launch;
  std::optional<std::string> decode;
  Mode mode;
  StreamRules rules;
  FlowLimits limits;
  /** How long the decoder of past pictures stays open after one. */
  std::chrono::milliseconds keep_decoder;
};

/**
 * The GStreamer half of a pipeline; knows nothing of JavaScript.
 *
 *   receiving pipeline ──▶ flow ──▶ decoder ──▶ queue       or, for raw pictures, straight into the queue
 *
 * One control thread makes every state change and recalculates latency, so that neither JavaScript's thread nor a
 * streaming thread ever waits for one. It owns both GstPipelines: when it ends, all of GStreamer's threads have ended.
 */
class Pipeline : public std::enable_shared_from_this<Pipeline> {
 public:
  /** Throws std::runtime_error with GStreamer's message when a line is no pipeline, or lacks its ends. */
  Pipeline(PipelineOptions options, std::function<void()> wake);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /** Starts to play on the control thread, which calls `stopped` as the last thing it does. */
  void start(std::function<void()> stopped);
  /** Returns at once; no event follows. Idempotent. */
  void request_stop();
  /** False when the control thread needs longer; it then ends by itself, later. */
  bool wait_stopped(std::chrono::steady_clock::time_point deadline);
  void join();

  /** Decodes a moment beside what is analysed; see `MomentDecoder`. Only where there is a decoding line. */
  std::vector<Owned<GstSample>> decode(const Moment& moment);

  /** Lets a hardware decoder take over; see `Decoders`. Does nothing without a decoding line, and in mode `every`. */
  void use_hardware(std::string launch) {
    if (decoders_ && flow_.mode() == Mode::newest) decoders_->use_hardware(std::move(launch));
  }

  EventQueue& queue() { return queue_; }
  UnitFlow& flow() { return flow_; }
  /** How many frames of a second pass from now on; absent: all. */
  /** `passes_late`: what it catches up with when it wakes passes, too. */
  void limit(std::optional<int> max_fps, bool passes_late) {
    gate_.limit(max_fps, passes_late);
    flow_.limit(max_fps, passes_late);
  }
  /** How many losses were seen. */
  uint64_t lost() const { return continuity_.lost(); }

 private:
  void control();
  void play();
  void release();
  void connect(GstElement* sink, GstFlowReturn (*pull)(GstAppSink* sink, gpointer self));
  GstFlowReturn pull_frame();
  GstFlowReturn pull_unit();
  void follow_events();
  void on_message(GstMessage* message);
  void tell(Message message);
  void note(bool& change);

  EventQueue queue_;
  UnitFlow flow_;
  StreamGate gate_;
  Continuity continuity_;
  CodecWatch codec_watch_;
  RtpTimes rtp_times_;
  NatureReader natures_;
  Owned<GstElement> pipeline_;
  /** The appsink of raw pictures, or that of units. */
  Owned<GstElement> frames_, units_;
  std::unique_ptr<Decoders> decoders_;
  std::unique_ptr<MomentDecoder> moments_;

  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool latency_ = false;
  bool moment_decoded_ = false;
  bool decoder_news_ = false;
  bool stopped_ = false;
};

}  // namespace rollcall
