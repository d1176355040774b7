#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <string>

#include "decode-turns.h"
#include "event-queue.h"
#include "unit-flow.h"

namespace rollcall {

/** Who hears of a decoder. Called from any thread. */
struct DecoderListener {
  /** It has given out all that it got, and another one is to take what follows. */
  std::function<void()> left;
  /** It gives no more, for this reason. Null where nothing can take its place: then its errors are the pipeline's. */
  std::function<void(std::string reason)> failed;
  /** It has given its first picture. */
  std::function<void()> gave;
};

/**
 * The pipeline that decodes what a flow gives it. The appsrc's own streaming thread asks the flow, one unit at a time, so
 * a slow decoder asks later. The end of the stream is told after the last frame.
 *
 * Started and stopped by the owner's control thread. Close the flow before `stop()`: the streaming thread may wait in it.
 */
class Decoder {
 public:
  /** Throws std::runtime_error when `launch` is no pipeline from an appsrc `units` to an appsink `frames`. */
  Decoder(const std::string& launch, UnitFlow& flow, EventQueue& queue, DecoderListener listener);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  GstElement* pipeline() { return pipeline_.get(); }
  /** Opens devices. False when that fails. */
  bool open();
  /** Decodes as this reader of the flow. */
  void start(uint64_t reader);
  /** When this is over it gives no more pictures and tells nothing, whatever its threads are at. */
  void retire();
  /** Ends the pipeline's threads. */
  void stop();
  /** Since when it owes a picture, in microseconds of the monotonic clock; 0: it does not. */
  int64_t owes_since_us() const { return owes_since_us_; }

 private:
  /** Waits for the next unit and pushes it. */
  void feed();
  void push(const Feed& feed);
  void leave();
  void drain();
  void restore_times();
  /** Returns false when the decoder gets no more. */
  bool pass_on(Note note);
  GstFlowReturn pull();
  GstFlowReturn give(Owned<GstSample> sample);
  void on_message(GstMessage* message);
  void fail(std::string reason);

  UnitFlow& flow_;
  EventQueue& queue_;
  const DecoderListener listener_;
  uint64_t reader_ = 0;
  /** Held while a picture is given. */
  std::mutex giving_;
  std::atomic<bool> is_retired_{false}, has_failed_{false}, is_leaving_{false}, is_ending_{false}, has_given_{false};
  std::atomic<int64_t> owes_since_us_{0};
  Owned<GstElement> pipeline_, units_, frames_;
  /** Told when the decoder has given its last frame. */
  Message last_{Message::Kind::eos};
  bool has_fed_ = false;
  /** Held while a live camera's unit is decoded. */
  DecodeTurns::Turn turn_;
  /** Of the unit that was fed last. Streaming thread only. */
  GstSegment segment_ = {};
  GstClockTime pts_ = GST_CLOCK_TIME_NONE;
  /** Of the same; for frames that come without a mark. */
  std::atomic<bool> fed_damaged_{false};
};

}  // namespace rollcall
