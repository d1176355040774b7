#include "decoders.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rollcall {
namespace {

constexpr std::chrono::milliseconds kLookEvery(500);
// No camera that is worth a hardware decoder makes one hold pictures for so long; twice what `maxFps` can make of it.
constexpr int64_t kLongestDebtUs = 3 * G_USEC_PER_SEC;
// A moment of load passes.
constexpr int kLateLooks = 6;

}  // namespace

Decoders::Decoders(std::string software, UnitFlow& flow, EventQueue& queue, StreamGate& gate, double max_lag_ms, std::function<void()> wake)
    : software_(std::move(software)),
      flow_(flow),
      queue_(queue),
      gate_(gate),
      max_lag_ms_(max_lag_ms),
      wake_(std::move(wake)),
      current_(make(software_, false)) {}

std::unique_ptr<Decoder> Decoders::make(const std::string& launch, bool is_hardware) {
  DecoderListener listener;
  listener.left = [this] { tell([](News& news) { news.has_left = true; }); };
  if (is_hardware) {
    listener.failed = [this](const std::string& reason) { tell([&](News& news) { news.failure = reason; }); };
    listener.gave = [this] { tell([](News& news) { news.has_given = true; }); };
  }
  auto decoder = std::make_unique<Decoder>(launch, flow_, queue_, std::move(listener));
  gate_.attach(decoder->pipeline());
  return decoder;
}

void Decoders::tell(std::function<void(News&)> change) {
  {
    const std::lock_guard lock(mutex_);
    change(news_);
  }
  wake_();
}

void Decoders::start() { current_->start(0); }

void Decoders::stop() {
  if (next_) give_up_next();
  current_->stop();
  retired_.clear();
}

void Decoders::use_hardware(std::string launch) {
  tell([&](News& news) { news.wanted = std::move(launch); });
}

std::optional<Decoders::Clock::time_point> Decoders::work() {
  News news;
  {
    const std::lock_guard lock(mutex_);
    news = std::exchange(news_, {});
  }
  if (news.has_given) say(true, "");
  if (news.failure) fall_back(std::move(*news.failure));
  else if (news.has_left) change();
  if (news.wanted && !is_hardware_ && !next_) prepare(*news.wanted);
  if (is_hardware_) look_for_lateness();
  return is_hardware_ ? std::optional(Clock::now() + kLookEvery) : std::nullopt;
}

void Decoders::prepare(const std::string& launch) {
  try {
    next_ = make(launch, true);
  } catch (const std::runtime_error& error) {
    return say(false, error.what());
  }
  if (next_->open()) return flow_.leave();
  std::optional<std::string> reason;
  {
    const std::lock_guard lock(mutex_);
    reason = std::exchange(news_.failure, std::nullopt);
  }
  give_up_next();
  say(false, reason.value_or("it cannot be opened"));
}

/** The one who decoded has left. */
void Decoders::change() {
  std::unique_ptr<Decoder> old = std::move(current_);
  old->retire();
  const bool was_hardware = is_hardware_;
  is_hardware_ = next_ != nullptr;
  late_ = 0;
  const Skipped skipped = flow_.stats().skipped;
  left_out_ = skipped.behind + skipped.disposable;
  current_ = next_ ? std::move(next_) : make(software_, false);
  current_->start(flow_.begin(is_hardware_));
  retire(std::move(old));
  if (was_hardware) say(false, "");
}

void Decoders::fall_back(std::string reason) {
  if (is_hardware_) {
    std::unique_ptr<Decoder> old = std::move(current_);
    old->retire();
    is_hardware_ = false;
    current_ = make(software_, false);
    current_->start(flow_.begin_again());
    retire(std::move(old));
  } else if (next_) {
    // What decodes may have been told to leave: then another one of its kind takes its place.
    give_up_next();
  } else {
    return;
  }
  say(false, std::move(reason));
}

void Decoders::give_up_next() {
  next_->retire();
  retire(std::move(next_));
}

/** Falls back when no picture comes, or when the decoder is so slow that units wait or are left out. */
void Decoders::look_for_lateness() {
  const int64_t since_us = current_->owes_since_us();
  const FlowStats stats = flow_.stats();
  const uint64_t left_out = stats.skipped.behind + stats.skipped.disposable;
  const bool is_late = left_out > std::exchange(left_out_, left_out) || stats.lag_ms > max_lag_ms_;
  late_ = is_late ? late_ + 1 : std::max(0, late_ - 1);
  if (since_us != 0 && g_get_monotonic_time() - since_us > kLongestDebtUs) fall_back("it gives no pictures");
  else if (late_ >= kLateLooks) fall_back("its pictures come too late");
}

/** Ends it on a thread of its own, because a driver may never return. */
void Decoders::retire(std::unique_ptr<Decoder> decoder) {
  const auto is_over = [](const std::future<void>& each) { return each.wait_for(std::chrono::seconds(0)) == std::future_status::ready; };
  retired_.erase(std::remove_if(retired_.begin(), retired_.end(), is_over), retired_.end());
  retired_.push_back(std::async(std::launch::async, [decoder = std::move(decoder)] { decoder->stop(); }));
}

void Decoders::say(bool is_hardware, std::string reason) {
  Message message{Message::Kind::decoder};
  message.code = is_hardware;
  message.text = std::move(reason);
  queue_.push_message(std::move(message));
}

}  // namespace rollcall
