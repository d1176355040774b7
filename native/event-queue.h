#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "owned.h"

namespace rollcall {

enum class Mode { newest, every };

struct Frame {
  Owned<GstSample> sample;
  uint64_t seq;
  double arrived_at_ms;
  /** Something that the picture refers to was lost. */
  bool damaged;
};

struct Message {
  /**
   * `stream`: caps of a stream, or empty when there are no more. `format`: caps of the access units. In `text`.
   * `decoder`: whether hardware decodes now, in `code`; and why it does not, or empty, in `text`.
   */
  enum class Kind { error, warning, eos, state, stream, format, decoder };
  Kind kind;
  int code = 0;
  std::string domain = {}, text = {}, debug = {}, element = {};
  GstState state = GST_STATE_NULL;
};

struct FrameReady {};
using Event = std::variant<FrameReady, Message>;

struct Stats {
  uint64_t decoded = 0, taken = 0, dropped = 0, damaged = 0;
  std::optional<double> since_last_frame_ms;
};

/**
 * What GStreamer's threads hand to JavaScript's: frames and messages under one lock, because with two queues the
 * end of the stream overtakes the last frames.
 *
 *   newest   one frame; the next one replaces it, but     messages do not wait for frames to be taken
 *            a late one waits for a moment before
 *   every    two frames; then the decoder's thread waits  a message waits for the frames before it
 *
 * `wake` is called from any thread, without the lock, once until the next `begin_drain()`.
 */
class EventQueue {
 public:
  EventQueue(Mode mode, std::function<void()> wake) : mode_(mode), wake_(std::move(wake)) {}

  /** `late`: it is one of several that come at once. False when the queue is closed: the caller stops the flow. */
  bool push_frame(Owned<GstSample> sample, double arrived_at_ms, bool damaged, bool late);
  void push_message(Message message);

  /** Wakes the receiver for something that is not in this queue. */
  void ring();
  void begin_drain();
  std::optional<Event> next();
  /** `more` tells whether the taking made something deliverable. */
  std::optional<Frame> take(bool* more);

  /** Frees what waits, lets waiting threads go; nothing is accepted or given afterwards. Idempotent. */
  void close();
  Stats stats();

 private:
  bool claim_wake();
  uint64_t oldest_untaken() const { return frames_.empty() ? stats_.decoded : frames_.front().seq; }

  struct Waiting {
    Message message;
    /** Number of frames decoded before it. */
    uint64_t after;
  };

  const Mode mode_;
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<Frame> frames_;
  std::deque<Waiting> messages_;
  bool announced_ = false;
  bool woken_ = false;
  bool closed_ = false;
  Stats stats_;
  std::chrono::steady_clock::time_point last_frame_;
};

}  // namespace rollcall
