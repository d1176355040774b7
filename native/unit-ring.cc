#include "unit-ring.h"

#include <cstdlib>
#include <utility>

namespace rollcall {
namespace {

// No decoder holds back more pictures (ITU-T H.264, A.3.1; H.265, A.4.2). One more is for the key picture's second field.
constexpr int kMostLeading = 17;
// A unit of a still scene has fifty bytes, and a kilobyte of what GStreamer keeps beside them. Two minutes of sixty a second.
constexpr size_t kMaxUnits = 8192;

}  // namespace

void UnitRing::append(Unit unit) {
  unit.number = next_++;
  const bool is_early = is_leading(unit);
  unit.leading = unit.nature.leading.value_or(is_early);
  if (unit.is_key()) keys_.push_back(unit.number);
  bytes_ += unit.bytes;
  units_.push_back(std::move(unit));
}

/** Times that jump back in the midst of a group make no leading pictures of what follows: those come before all others. */
bool UnitRing::is_leading(const Unit& unit) {
  const GstClockTime pts = unit.pts();
  if (unit.nature.recovery) {
    key_pts_ = pts;
    leading_left_ = kMostLeading;
    return false;
  }
  if (leading_left_ == 0 || !GST_CLOCK_TIME_IS_VALID(pts) || !GST_CLOCK_TIME_IS_VALID(key_pts_)) return false;
  if (pts < key_pts_) {
    --leading_left_;
    return true;
  }
  // The key picture's second field comes before them, too.
  leading_left_ = leading_left_ == kMostLeading ? kMostLeading - 1 : 0;
  return false;
}

void UnitRing::trim(uint64_t needed) {
  while ((bytes_ > max_bytes_ || units_.size() > kMaxUnits) && units_.size() > 1 && first() < needed) drop_oldest();
  for (auto second = second_group(); second && *second <= needed; second = second_group()) {
    if (units_.back().arrived_us - at(*second).arrived_us < max_us_) break;
    while (first() < *second) drop_oldest();
  }
}

void UnitRing::clear() {
  units_.clear();
  keys_.clear();
  bytes_ = 0;
}

double UnitRing::span_ms() const {
  return units_.empty() ? 0 : static_cast<double>(units_.back().arrived_us - units_.front().arrived_us) / 1000;
}

std::optional<uint64_t> UnitRing::first_key() const {
  return keys_.empty() ? std::nullopt : std::optional(keys_.front());
}

std::optional<uint64_t> UnitRing::newest_key(uint64_t from) const {
  return keys_.empty() || keys_.back() < from ? std::nullopt : std::optional(keys_.back());
}

std::optional<uint64_t> UnitRing::newest_whole_key(uint64_t from) const {
  for (auto key = keys_.rbegin(); key != keys_.rend() && *key >= from; ++key) {
    if (at(*key).is_whole_key()) return *key;
  }
  return std::nullopt;
}

std::optional<uint64_t> UnitRing::last_key(uint64_t to) const {
  for (auto key = keys_.rbegin(); key != keys_.rend(); ++key) {
    if (*key <= to) return *key;
  }
  return std::nullopt;
}

std::optional<uint64_t> UnitRing::nearest(GstClockTime pts) const {
  std::optional<uint64_t> nearest;
  GstClockTimeDiff least = 0;
  for (const Unit& unit : units_) {
    if (!GST_CLOCK_TIME_IS_VALID(unit.pts())) continue;
    const GstClockTimeDiff distance = std::abs(GST_CLOCK_DIFF(pts, unit.pts()));
    if (nearest && distance >= least) continue;
    nearest = unit.number;
    least = distance;
  }
  return nearest;
}

std::optional<uint64_t> UnitRing::second_group() const {
  if (keys_.empty()) return std::nullopt;
  if (keys_.front() > first()) return keys_.front();
  return keys_.size() > 1 ? std::optional(keys_[1]) : std::nullopt;
}

void UnitRing::drop_oldest() {
  bytes_ -= units_.front().bytes;
  if (!keys_.empty() && keys_.front() == first()) keys_.pop_front();
  units_.pop_front();
}

}  // namespace rollcall
