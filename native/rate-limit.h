#pragma once
#include <gst/gst.h>

#include <algorithm>
#include <optional>

namespace rollcall {

/**
 * Chooses the frames that pass under `max_fps`. The time line is divided into slots of 1/max_fps from the first frame on;
 * the first frame in a slot passes, so a steady stream gives a steady one. Videorate chooses the same frames, but ends
 * the process (SIGABRT) on frames without a duration.
 */
class RateLimit {
 public:
  explicit RateLimit(int max_fps) : max_fps_(max_fps) {}

  /** Whether the frame at `time`, nanoseconds, passes. A time line begins anew where times jump back. */
  bool passes(GstClockTime time) {
    if (!last_ || time < *last_) {
      origin_ = time;
      next_ = 0;
    }
    last_ = time;
    if (time - origin_ < start_of(next_)) return false;
    // Slots that nobody used in a gap are not made up for.
    next_ = std::max(next_ + 1, gst_util_uint64_scale(time - origin_, max_fps_, GST_SECOND) + 1);
    return true;
  }

 private:
  GstClockTime start_of(guint64 slot) const { return gst_util_uint64_scale(slot, GST_SECOND, max_fps_); }

  const int max_fps_;
  std::optional<GstClockTime> last_;
  GstClockTime origin_ = 0;
  /** The slot that the next frame has to reach. */
  guint64 next_ = 0;
};

}  // namespace rollcall
