#include "decode-turns.h"

#include <algorithm>
#include <thread>

namespace rollcall {
namespace {

constexpr std::chrono::seconds kHangs{1};

}  // namespace

DecodeTurns& DecodeTurns::of_process() {
  // Never destroyed: threads may outlive what is static.
  static auto& turns = *new DecodeTurns(std::max(1u, std::thread::hardware_concurrency()));
  return turns;
}

void DecodeTurns::take(Turn& turn) {
  std::unique_lock lock(mutex_);
  waiting_.push_back(&turn);
  call();
  // Looks again, because nobody tells that one hangs.
  while (!turn.called_.wait_for(lock, kHangs, [&] { return turn.is_held_; })) call();
}

void DecodeTurns::give_back(Turn& turn) {
  std::lock_guard lock(mutex_);
  if (!turn.is_held_) return;
  turn.is_held_ = false;
  held_.erase(std::find(held_.begin(), held_.end(), &turn));
  call();
}

bool DecodeTurns::are_short() {
  std::lock_guard lock(mutex_);
  return !waiting_.empty();
}

void DecodeTurns::call() {
  while (!waiting_.empty() && has_room()) {
    Turn& next = *waiting_.front();
    waiting_.pop_front();
    next.is_held_ = true;
    next.since_ = std::chrono::steady_clock::now();
    held_.push_back(&next);
    next.called_.notify_one();
  }
}

bool DecodeTurns::has_room() const {
  const auto now = std::chrono::steady_clock::now();
  const auto works = [now](const Turn* turn) { return now - turn->since_ < kHangs; };
  return static_cast<size_t>(std::count_if(held_.begin(), held_.end(), works)) < places_;
}

}  // namespace rollcall
