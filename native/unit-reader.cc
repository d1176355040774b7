#include "unit-flow.h"

// Who reads: the part of UnitFlow by which one decoder takes another one's place.
namespace rollcall {

uint64_t UnitFlow::begin(bool one_format) {
  uint64_t reader;
  {
    std::lock_guard lock(mutex_);
    reader = change_reader();
    if (one_format && cursor_ < ring_.next()) format_.reset(gst_caps_ref(gst_sample_get_caps(ring_.at(cursor_).sample.get())));
  }
  changed_.notify_all();
  return reader;
}

uint64_t UnitFlow::begin_again() {
  uint64_t reader;
  {
    std::lock_guard lock(mutex_);
    reader = change_reader();
    const GstClockTime given = given_;
    std::optional<uint64_t> key;
    for (uint64_t number = cursor_; number-- > ring_.first();) {
      if (!ring_.at(number).is_whole_key()) continue;
      key = number;
      if (GST_CLOCK_TIME_IS_VALID(given) && ring_.at(number).pts() <= given) break;
    }
    if (key) {
      repeated_to_ = cursor_;
      repeated_until_ = given;
      catch_up_to_ = ring_.next();
      catch_up_by_us_ = g_get_monotonic_time() + limits_.ring_ms * 1000;
      cursor_ = *key;
    }
  }
  changed_.notify_all();
  return reader;
}

void UnitFlow::leave() {
  std::lock_guard lock(mutex_);
  is_leaving_ = true;
}

/** The new one has no references, and knows of no tags. */
uint64_t UnitFlow::change_reader() {
  is_leaving_ = drain_due_ = is_concealing_ = false;
  format_.reset();
  is_blind_ = true;
  blind_reason_ = Reason::policy;
  blind_since_us_.reset();
  for (auto tag = tags_.rbegin(); tag != tags_.rend(); ++tag) notes_.push_front({*tag, cursor_});
  return ++reader_;
}

bool UnitFlow::has_other_format(const Unit& unit) const {
  if (!format_) return false;
  const GstCaps* caps = gst_sample_get_caps(unit.sample.get());
  return caps != format_.get() && !gst_caps_is_equal(caps, format_.get());
}

bool UnitFlow::is_repeated(const Unit& unit) const {
  return unit.number < repeated_to_ && GST_CLOCK_TIME_IS_VALID(repeated_until_) && unit.pts() <= repeated_until_;
}

}  // namespace rollcall
