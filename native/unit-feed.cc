#include <utility>

#include "left-out.h"
#include "unit-flow.h"

// What the decoder gets: the half of UnitFlow that its thread runs.
namespace rollcall {
namespace {

// Of key units that come oftener.
constexpr int kAsleepFps = 2;
// What follows the decoder takes one of each two, whenever its seconds begin.
constexpr int kDecodedFor = 2;

}  // namespace

std::optional<Step> UnitFlow::next(uint64_t reader) {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return closed_ || reader != reader_ || drain_due_ || !notes_.empty() || cursor_ < ring_.next(); });
    if (closed_ || reader != reader_) return std::nullopt;
    pass_overrun();
    if (std::exchange(drain_due_, false)) return Drain{};
    if (!notes_.empty() && notes_.front().before <= cursor_) {
      Step step(std::move(notes_.front().note));
      notes_.pop_front();
      return step;
    }
    if (std::optional<Step> step = mode_ == Mode::every ? feed_next(false) : decide(g_get_monotonic_time())) return step;
  }
}

Situation UnitFlow::situation(const Unit& unit, int64_t now_us) const {
  Situation now;
  now.policy = policy();
  now.recovery = unit.nature.recovery;
  now.disposable = unit.nature.disposable;
  now.leading = unit.leading;
  now.broken = unit.broken;
  now.lag_ms = ms_between(unit.arrived_us, now_us);
  now.is_catching_up = now_us < catch_up_by_us_;
  now.is_blind = is_blind_;
  now.blind_ms = blind_since_us_ ? ms_between(*blind_since_us_, unit.arrived_us) : 0;
  now.blind_reason = blind_reason_;
  now.is_concealing = is_concealing_;
  now.began_at_key = began_at_key_;
  now.has_key_ahead = ring_.newest_whole_key(unit.number + 1).has_value();
  now.key_every_ms = key_distance_.median_ms();
  if (const auto last = key_distance_.last_us()) now.since_key_ms = ms_between(*last, unit.arrived_us);
  // Frames are counted until they are whole after a gradual recovery.
  const bool is_wanted = passes_late_ && unit.number < catch_up_to_;
  const std::optional<RateLimit> passing = unit.nature.disposable && recovering_ == 0 && !is_wanted ? passing_() : std::nullopt;
  now.left_out = passing && is_left_out(ring_, unit.number, *passing);
  now.max_lag_ms = limits_.max_lag_ms;
  now.max_blind_ms = limits_.max_blind_ms;
  return now;
}

/** Whether it is one of more key units than are wanted, where nothing but key units is decoded. */
bool UnitFlow::is_spare(const Unit& unit) {
  if (!unit.is_whole_key() || !(is_asleep_ || keys_in_a_row_ == kOnlyKeys)) return false;
  const int fps = is_asleep_ ? kAsleepFps : kDecodedFor * max_fps_.value_or(0);
  if (fps != std::exchange(rate_fps_, fps)) {
    rate_.reset();
    if (fps > 0) rate_.emplace(fps);
  }
  return rate_ && !rate_->passes(GST_CLOCK_TIME_IS_VALID(unit.pts()) ? unit.pts() : unit.arrived_us * GST_USECOND);
}

/** Absent when the unit is not for the decoder. */
std::optional<Step> UnitFlow::decide(int64_t now_us) {
  const Unit& unit = ring_.at(cursor_);
  if (has_other_format(unit)) return Leave{};
  if (unit.number >= catch_up_to_ && ms_between(unit.arrived_us, now_us) <= limits_.max_lag_ms / 2) catch_up_by_us_ = 0;
  const Choice choice = choose(situation(unit, now_us));
  switch (choice.action) {
    case Choice::Action::feed:
      // The references of before are no good to a decoder that begins anew.
      if (is_concealing_ && !choice.damaged) {
        is_concealing_ = false;
        is_blind_ = true;
        return Drain{};
      }
      if (is_spare(unit)) {
        ++stats_.skipped.policy;
        is_blind_ = true;
        blind_reason_ = Reason::policy;
        pass(unit);
        return std::nullopt;
      }
      if (is_leaving_ && !choice.damaged && unit.is_whole_key()) return Leave{};
      return feed_next(choice.damaged);
    case Choice::Action::skip:
      ++count_of(choice.reason);
      pass(unit);
      return std::nullopt;
    case Choice::Action::lose:
      return lose(unit, choice.reason);
    case Choice::Action::jump: {
      const uint64_t key = *ring_.newest_whole_key(cursor_ + 1);
      std::optional<Step> drain;
      while (cursor_ < key) {
        if (auto step = lose(ring_.at(cursor_), choice.reason)) drain = std::move(step);
      }
      return drain;
    }
  }
  return std::nullopt;
}

std::optional<Step> UnitFlow::feed_next(bool damaged) {
  Feed feed{ring_.at(cursor_), damaged};
  const Unit& unit = feed.unit;
  pass(unit);
  if (mode_ == Mode::every) return feed;
  if (unit.nature.parameters) parameters_ = unit.nature.parameters;
  else if (is_blind_) feed.parameters = parameters_;
  const std::optional<uint64_t> before = shown_key_;
  if (unit.nature.recovery && !damaged) {
    began_at_key_ = is_blind_;
    recovering_ = is_blind_ ? *unit.nature.recovery : 0;
    feed.silent = shown_key_ == unit.number;
    shown_key_.reset();
  } else if (recovering_ > 0) {
    --recovering_;
  }
  if (is_repeated(unit)) feed.silent = true;
  feed.late = unit.number < catch_up_to_;
  feed.damaged = damaged || recovering_ > 0;
  is_concealing_ = damaged;
  is_blind_ = false;
  blind_since_us_.reset();
  shown_before_ = policy() == Policy::keys ? before : std::nullopt;
  if (policy() != Policy::keys) return feed;
  // The next one does not refer to it, and the decoder would hold it back until then.
  is_blind_ = drain_due_ = true;
  blind_reason_ = Reason::policy;
  shown_key_ = unit.number;
  return feed;
}

void UnitFlow::pass(const Unit& unit) {
  undecoded_bytes_ -= unit.bytes;
  ++cursor_;
  room_.notify_one();
}

std::optional<Step> UnitFlow::lose(const Unit& unit, Reason reason) {
  if (unit.nature.parameters) parameters_ = unit.nature.parameters;
  const bool was_blind = std::exchange(is_blind_, true);
  is_concealing_ = false;
  // What nobody wanted does not make the wait for a key unit longer.
  if (!was_blind || reason == Reason::policy) blind_since_us_.reset();
  if (!blind_since_us_) blind_since_us_ = unit.arrived_us;
  blind_reason_ = reason;
  if (reason == Reason::behind) gives_way_until_us_ = g_get_monotonic_time() + kGivesWayUs;
  ++count_of(reason);
  pass(unit);
  return was_blind ? std::nullopt : std::optional<Step>(Drain{});
}

/** The ring has let units go that the decoder had not come to. */
void UnitFlow::pass_overrun() {
  if (cursor_ >= ring_.first()) return;
  count_of(Reason::behind) += ring_.first() - cursor_;
  gives_way_until_us_ = g_get_monotonic_time() + kGivesWayUs;
  cursor_ = ring_.first();
  if (!std::exchange(is_blind_, true)) drain_due_ = true;
  is_concealing_ = false;
  blind_reason_ = Reason::behind;
  blind_since_us_.reset();
}

uint64_t& UnitFlow::count_of(Reason reason) {
  switch (reason) {
    case Reason::behind:
      return stats_.skipped.behind;
    case Reason::broken:
      return stats_.skipped.broken;
    case Reason::disposable:
      return stats_.skipped.disposable;
    default:
      return stats_.skipped.policy;
  }
}

}  // namespace rollcall
