#include "event-queue.h"

namespace rollcall {
namespace {

// One frame is being worked on while the next is decoded; more would only hold memory.
constexpr size_t kFramesAhead = 2;
// A broken stream can warn for every packet while JavaScript is busy; the first ones tell the cause.
constexpr size_t kMaxMessages = 256;
// Some pictures are analysed in this time, also where many cameras wake at once.
constexpr std::chrono::milliseconds kPatience(100);

}  // namespace

bool EventQueue::claim_wake() {
  if (woken_) return false;
  return woken_ = true;
}

bool EventQueue::push_frame(Owned<GstSample> sample, double arrived_at_ms, bool damaged, bool late) {
  Frame replaced{};  // Freed after the lock: unreferencing may give a buffer back to a pool with a lock of its own.
  bool wake = false;
  {
    std::unique_lock lock(mutex_);
    if (mode_ == Mode::every) room_.wait(lock, [&] { return closed_ || frames_.size() < kFramesAhead; });
    else if (late) room_.wait_for(lock, kPatience, [&] { return closed_ || frames_.empty(); });
    if (closed_) return false;
    if (mode_ == Mode::newest && !frames_.empty()) {
      replaced = std::move(frames_.front());
      frames_.pop_front();
      ++stats_.dropped;
    }
    frames_.push_back({std::move(sample), stats_.decoded++, arrived_at_ms, damaged});
    if (damaged) ++stats_.damaged;
    last_frame_ = std::chrono::steady_clock::now();
    wake = !announced_ && claim_wake();
  }
  if (wake) wake_();
  return true;
}

void EventQueue::push_message(Message message) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    const bool spare = message.kind != Message::Kind::eos && message.kind != Message::Kind::state;
    if (spare && messages_.size() >= kMaxMessages) return;
    messages_.push_back({std::move(message), stats_.decoded});
    wake = claim_wake();
  }
  if (wake) wake_();
}

void EventQueue::ring() {
  bool wake;
  {
    std::lock_guard lock(mutex_);
    wake = !closed_ && claim_wake();
  }
  if (wake) wake_();
}

void EventQueue::begin_drain() {
  std::lock_guard lock(mutex_);
  woken_ = false;
}

std::optional<Event> EventQueue::next() {
  std::lock_guard lock(mutex_);
  if (closed_) return std::nullopt;
  const bool announce = !frames_.empty() && !announced_;
  if (!messages_.empty()) {
    const bool precedes = messages_.front().after <= oldest_untaken();
    if (precedes || (mode_ == Mode::newest && !announce)) {
      Message message = std::move(messages_.front().message);
      messages_.pop_front();
      return message;
    }
  }
  if (!announce) return std::nullopt;
  announced_ = true;
  return FrameReady{};
}

std::optional<Frame> EventQueue::take(bool* more) {
  std::lock_guard lock(mutex_);
  *more = false;
  if (frames_.empty()) return std::nullopt;
  Frame frame = std::move(frames_.front());
  frames_.pop_front();
  ++stats_.taken;
  announced_ = false;
  room_.notify_one();
  *more = !frames_.empty() || !messages_.empty();
  return frame;
}

void EventQueue::close() {
  std::deque<Frame> frames;
  std::lock_guard lock(mutex_);
  closed_ = true;
  stats_.dropped += frames_.size();
  frames.swap(frames_);
  messages_.clear();
  room_.notify_all();
}

Stats EventQueue::stats() {
  std::lock_guard lock(mutex_);
  Stats stats = stats_;
  if (stats.decoded > 0) {
    const std::chrono::duration<double, std::milli> since = std::chrono::steady_clock::now() - last_frame_;
    // A decoder that waits for us is not stalled.
    const bool waits_for_us = mode_ == Mode::every && frames_.size() >= kFramesAhead;
    stats.since_last_frame_ms = waits_for_us ? 0 : since.count();
  }
  return stats;
}

}  // namespace rollcall
