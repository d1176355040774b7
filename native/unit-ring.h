#pragma once
#include <deque>
#include <optional>

#include "unit.h"

namespace rollcall {

/**
 * The last access units of a stream, oldest first, numbered without gaps. Has no lock of its own.
 *
 * Holds `max_ms` by arrival, and as much more as makes the oldest group of pictures whole, but never more than
 * `max_bytes` or 8192 units: a group that is larger loses its beginning.
 */
class UnitRing {
 public:
  UnitRing(int64_t max_ms, size_t max_bytes) : max_us_(max_ms * 1000), max_bytes_(max_bytes) {}

  /** Gives the unit its number and says whether it is leading. */
  void append(Unit unit);
  /** Lets go what is too much, but nothing from the number `needed` on. */
  void trim(uint64_t needed);
  void clear();

  bool is_empty() const { return units_.empty(); }
  /** The oldest unit's number, or that of the next one. */
  uint64_t first() const { return next_ - units_.size(); }
  /** The number of the next unit that is appended. */
  uint64_t next() const { return next_; }
  const Unit& at(uint64_t number) const { return units_[number - first()]; }
  size_t bytes() const { return bytes_; }
  double span_ms() const;

  std::optional<uint64_t> first_key() const;
  /** The newest key unit, from the number `from` on. */
  std::optional<uint64_t> newest_key(uint64_t from) const;
  std::optional<uint64_t> newest_whole_key(uint64_t from) const;
  /** The newest key unit up to the number `to`. */
  std::optional<uint64_t> last_key(uint64_t to) const;
  /** The unit whose presentation time is nearest. */
  std::optional<uint64_t> nearest(GstClockTime pts) const;

 private:
  /** The second key unit: where the ring begins when the oldest group goes. */
  std::optional<uint64_t> second_group() const;
  void drop_oldest();
  bool is_leading(const Unit& unit);

  const int64_t max_us_;
  const size_t max_bytes_;
  std::deque<Unit> units_;
  /** Numbers of the key units that are held. */
  std::deque<uint64_t> keys_;
  uint64_t next_ = 0;
  size_t bytes_ = 0;
  GstClockTime key_pts_ = GST_CLOCK_TIME_NONE;
  /** How many units may still be leading. */
  int leading_left_ = 0;
};

}  // namespace rollcall
