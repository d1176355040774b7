#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace rollcall {

/**
 * Tells by the sizes of access units whether a scene is calm. Nothing is decoded for it.
 *
 * The mean of the last eight units that are no key units is compared with what it was at the same place in the groups of
 * pictures before: encoders have a pattern, and make up for what a key unit lacks. The measure is the last key unit, which is
 * what it takes to draw the whole picture: whoever comes near enough for a face to be found makes the mean vary by more than
 * one part in 128. So it is calm while the mean has kept within so much for four seconds, and for two whole groups. Sizes that
 * vary more (noise, rain, leaves, a moving camera) and those above a tenth of a key unit (night, a fixed bit rate) say
 * nothing, and are not calm; nor do those of an encoder that fills up what it saves.
 */
class SizeWatch {
 public:
  struct Size {
    bool key;
    size_t bytes;
    /** Some of them stand for nothing. */
    bool filled;
    /** When it was received, microseconds of a monotonic clock. */
    int64_t at_us;
  };
  /** Takes the next whole unit. */
  void note(const Size& size);
  bool is_calm() const { return is_calm_; }

 private:
  void compare(double mean, int64_t at_us);
  void judge(int64_t now_us);
  void begin_anew();

  double key_bytes_ = 0;
  /** Of the last units that are no key units. */
  std::deque<size_t> sizes_;
  size_t sum_ = 0;
  /** The place in the group. */
  size_t place_ = 0;
  struct Range {
    double low, high;
  };
  /** What the mean has been since then at each place. */
  std::vector<std::optional<Range>> ranges_;
  std::optional<int64_t> since_us_;
  /** Key units since then. */
  int keys_ = 0;
  bool is_calm_ = false;
};

}  // namespace rollcall
