#pragma once
#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

namespace rollcall {

/** The median distance of the last key units, by arrival. */
class KeyDistance {
 public:
  void key_at(int64_t us) {
    if (last_us_) distances_.push_back(static_cast<double>(us - *last_us_) / 1000);
    if (distances_.size() > 9) distances_.pop_front();
    last_us_ = us;
  }

  std::optional<double> median_ms() const {
    if (distances_.empty()) return std::nullopt;
    std::vector<double> sorted(distances_.begin(), distances_.end());
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }
  /** Absent before the first key unit. */
  std::optional<int64_t> last_us() const { return last_us_; }

 private:
  std::deque<double> distances_;
  std::optional<int64_t> last_us_;
};

}  // namespace rollcall
