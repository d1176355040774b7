#include "left-out.h"

#include <algorithm>
#include <optional>

namespace rollcall {
namespace {

// Of the units before; codecs reorder sixteen at most.
constexpr uint64_t kLookBack = 64;

}  // namespace

bool is_left_out(const UnitRing& ring, uint64_t number, const RateLimit& rate) {
  const GstClockTime time = ring.at(number).pts();
  // A rate that has seen none yet does not know its slots; where times jump back, it begins anew.
  if (!GST_CLOCK_TIME_IS_VALID(time) || !rate.last() || time < *rate.last()) return false;
  const GstClockTime from = rate.next_from();
  // What is shown just before the unit, and the frame that passes next, as far as is known.
  std::optional<GstClockTime> before, next_time;
  uint64_t next = number;
  for (uint64_t each = std::max(ring.first(), number - std::min(number, kLookBack)); each < ring.next(); ++each) {
    const GstClockTime pts = ring.at(each).pts();
    if (!GST_CLOCK_TIME_IS_VALID(pts)) continue;
    if (pts < time && (!before || pts > *before)) before = pts;
    if (pts >= from && (!next_time || pts < *next_time)) {
      next_time = pts;
      next = each;
    }
  }
  if (next < number && *next_time < time) return false;
  return time < from || (before && *before >= rate.origin() && rate.slot_of(*before) == rate.slot_of(time));
}

}  // namespace rollcall
