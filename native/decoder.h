#pragma once
#include <atomic>
#include <functional>
#include <string>

#include "decode-turns.h"
#include "event-queue.h"
#include "unit-flow.h"

namespace rollcall {

/**
 * The pipeline that decodes what a flow gives it. The appsrc's own streaming thread asks the flow, one unit at a time, so
 * a slow decoder asks later. The end of the stream is told after the last frame.
 *
 * Started and stopped by the owner's control thread. Close the flow before `stop()`: the streaming thread may wait in it.
 */
class Decoder {
 public:
  /** Throws std::runtime_error when `launch` is no pipeline from an appsrc `units` to an appsink `frames`. */
  Decoder(const std::string& launch, UnitFlow& flow, EventQueue& queue);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  GstElement* pipeline() { return pipeline_.get(); }
  void start();
  /** Ends the pipeline's threads. */
  void stop();

 private:
  /** Waits for the next unit and pushes it. */
  void feed();
  void drain();
  void restore_times();
  /** Returns false when the decoder gets no more. */
  bool pass_on(Note note);
  GstFlowReturn pull();
  void on_message(GstMessage* message);

  UnitFlow& flow_;
  EventQueue& queue_;
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
