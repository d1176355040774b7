#include "size-watch.h"

#include <algorithm>

namespace rollcall {
namespace {

// Encoders repeat their pattern of B frames within eight pictures.
constexpr size_t kUnits = 8;
constexpr int64_t kCalmUs = 4'000'000;
// The first group may have begun before, the second is what the third is compared with.
constexpr int kKeys = 3;
// Parts of a key unit.
constexpr double kMostSpread = 1.0 / 128, kMostLevel = 0.1;
// Of longer groups nothing is known.
constexpr size_t kMostPlaces = 1024;

}  // namespace

void SizeWatch::note(const Size& size) {
  if (size.filled) return begin_anew();
  if (size.key) {
    key_bytes_ = static_cast<double>(size.bytes);
    place_ = 0;
    ++keys_;
    return judge(size.at_us);
  }
  ++place_;
  sizes_.push_back(size.bytes);
  sum_ += size.bytes;
  if (sizes_.size() > kUnits) {
    sum_ -= sizes_.front();
    sizes_.pop_front();
  }
  if (key_bytes_ > 0 && sizes_.size() == kUnits) compare(static_cast<double>(sum_) / kUnits, size.at_us);
}

void SizeWatch::compare(double mean, int64_t at_us) {
  if (place_ >= kMostPlaces || mean > kMostLevel * key_bytes_) return begin_anew();
  if (place_ >= ranges_.size()) ranges_.resize(place_ + 1);
  std::optional<Range>& range = ranges_[place_];
  range = range ? Range{std::min(range->low, mean), std::max(range->high, mean)} : Range{mean, mean};
  if (range->high - range->low > kMostSpread * key_bytes_) return begin_anew();
  if (!since_us_) {
    since_us_ = at_us;
    keys_ = 0;
  }
  judge(at_us);
}

void SizeWatch::judge(int64_t now_us) {
  is_calm_ = since_us_ && keys_ >= kKeys && now_us - *since_us_ >= kCalmUs;
}

void SizeWatch::begin_anew() {
  ranges_.clear();
  since_us_.reset();
  is_calm_ = false;
}

}  // namespace rollcall
