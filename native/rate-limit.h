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
    next_ = std::max(next_, slot_of(time)) + 1;
    return true;
  }

  /** The time of the frame that was seen last; absent before the first one. */
  std::optional<GstClockTime> last() const { return last_; }
  /** No frame before this time passes, where times do not jump back. */
  GstClockTime next_from() const { return origin_ + start_of(next_); }
  /** The slot of a time that is not before the first frame. */
  guint64 slot_of(GstClockTime time) const {
    const guint64 slot = gst_util_uint64_scale(time - origin_, max_fps_, GST_SECOND);
    // A slot's start is rounded down.
    return time - origin_ >= start_of(slot + 1) ? slot + 1 : slot;
  }
  GstClockTime origin() const { return origin_; }

 private:
  GstClockTime start_of(guint64 slot) const { return gst_util_uint64_scale(slot, GST_SECOND, max_fps_); }

  int max_fps_;
  std::optional<GstClockTime> last_;
  GstClockTime origin_ = 0;
  /** The slot that the next frame has to reach. */
  guint64 next_ = 0;
};

}  // namespace rollcall
