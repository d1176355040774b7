#include "unit-flow.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace rollcall {
namespace {

// Of a recording: about two seconds. More would only hold memory.
constexpr uint64_t kUnitsAhead = 64;
// A broken stream can warn for every packet; the first ones tell the cause.
constexpr size_t kMaxNotes = 256;
// Those of the stream and of its container.
constexpr size_t kMaxTags = 8;
// A time so far outside the ring is another moment.
constexpr GstClockTimeDiff kOutside = GST_SECOND;
// A stream that has no more times for longer has none.
constexpr unsigned kMostUntimed = 100;
// Motion JPEG over HTTP has a time for its first picture only, and none to go on from.
constexpr unsigned kFewestTimed = 2;
constexpr GstClockTime kStep = GST_USECOND;
// So that whoever stays for a second is in one of them; cameras are not exact.
constexpr double kMostBetweenLooksMs = 1100;
// A machine with time has decoded a key unit by then.
constexpr int64_t kPromptUs = 100'000;
// One without looks at a scene that is still so often at least.
constexpr int64_t kUnseenUs = 4'000'000;
// Who has not caught up by then does not.
constexpr int64_t kMostCatchUpMs = 2000;

/** The unit with this time. The picture's data are shared. */
Unit timed(Unit unit, GstClockTime pts) {
  const Owned<GstBuffer> buffer(gst_buffer_copy(unit.buffer()));
  GST_BUFFER_PTS(buffer.get()) = pts;
  GstSample* sample = unit.sample.get();
  unit.sample = Shared<GstSample>(
      Owned<GstSample>(gst_sample_new(buffer.get(), gst_sample_get_caps(sample), gst_sample_get_segment(sample), nullptr)));
  return unit;
}

}  // namespace

/**
 * On a busy machine GStreamer's jitter buffer gives pictures that come late all the same time, and parsers leave a repeated
 * one out. A picture and what is found in it belong together by their time, so a unit of a camera that has none gets one.
 */
Unit UnitFlow::with_time(Unit unit) {
  const GstClockTime pts = unit.pts();
  const bool is_known = GST_CLOCK_TIME_IS_VALID(pts);
  untimed_ = is_known ? 0 : untimed_ + 1;
  if (is_known && timed_ < kFewestTimed) ++timed_;
  const bool is_missing = !is_known && timed_ == kFewestTimed && untimed_ <= kMostUntimed;
  if (is_missing && GST_CLOCK_TIME_IS_VALID(last_pts_)) unit = timed(std::move(unit), last_pts_ + kStep);
  if (is_known || is_missing) last_pts_ = unit.pts();
  return unit;
}

bool UnitFlow::push(Unit unit) {
  bool wake;
  {
    std::unique_lock lock(mutex_);
    if (mode_ == Mode::every) room_.wait(lock, [&] { return closed_ || !is_full(); });
    if (closed_) return false;
    ++stats_.received;
    stats_.received_bytes += unit.bytes;
    undecoded_bytes_ += unit.bytes;
    last_arrival_us_ = unit.arrived_us;
    keys_in_a_row_ = unit.is_key() ? std::min(keys_in_a_row_ + 1, kOnlyKeys) : 0;
    if (unit.is_key()) {
      ++stats_.keys;
      key_distance_.key_at(unit.arrived_us);
    }
    if (mode_ == Mode::newest) note_size(unit);
    ring_.append(mode_ == Mode::newest ? with_time(std::move(unit)) : std::move(unit));
    ring_.trim(mode_ == Mode::every ? cursor_ : ring_.next());
    wake = watcher_.has_value();
  }
  changed_.notify_one();
  if (wake) wake_();
  return true;
}

void UnitFlow::leave_out() {
  std::lock_guard lock(mutex_);
  ++stats_.received;
  ++stats_.skipped.broken;
}

void UnitFlow::push_note(Note note) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    const auto* message = std::get_if<Message>(&note);
    if (notes_.size() >= kMaxNotes && message && message->kind == Message::Kind::warning) return;
    if (const auto* event = std::get_if<Shared<GstEvent>>(&note)) {
      tags_.push_back(*event);
      if (tags_.size() > kMaxTags) tags_.pop_front();
    }
    notes_.push_back({std::move(note), ring_.next()});
  }
  changed_.notify_one();
}

bool UnitFlow::is_full() const {
  return ring_.next() - cursor_ >= kUnitsAhead || undecoded_bytes_ > limits_.ring_bytes;
}

void UnitFlow::want(Policy policy) {
  {
    std::lock_guard lock(mutex_);
    const bool begins = policy_ <= Policy::keys && policy >= Policy::reference;
    policy_ = policy;
    if (begins && !closed_ && mode_ == Mode::newest) catch_up();
  }
  changed_.notify_one();
}

bool UnitFlow::gives_way() const {
  const bool has_just_begun_to_move = moves_since_us_ && last_arrival_us_ - *moves_since_us_ < kGivesWayUs;
  return last_arrival_us_ < gives_way_until_us_ && !has_just_begun_to_move;
}

void UnitFlow::doze(std::optional<double> max_sleep_ms, bool only_when_late) {
  {
    std::lock_guard lock(mutex_);
    // Much may have changed since it looked last.
    if (!max_sleep_ms_) pictures_ = {};
    max_sleep_ms_ = max_sleep_ms;
    only_when_late_ = only_when_late;
    if (is_asleep_ && !may_sleep()) wake_up();
  }
  changed_.notify_one();
}

bool UnitFlow::dozes() {
  std::lock_guard lock(mutex_);
  return max_sleep_ms_.has_value() && policy_ == Policy::all;
}

bool UnitFlow::look(uint64_t number, const PictureCells& picture, bool are_short) {
  bool comes_again = false;
  {
    std::lock_guard lock(mutex_);
    if (closed_ || !max_sleep_ms_) return true;
    const bool is_held = number >= ring_.first() && number < ring_.next();
    const int64_t arrived_us = is_held ? ring_.at(number).arrived_us : last_arrival_us_;
    const bool was_still = pictures_.is_still();
    pictures_.note(picture, arrived_us);
    if (was_still && !pictures_.is_still()) moves_since_us_ = arrived_us;
    if (!is_asleep_ || may_sleep()) {
      const bool has_time = !are_short && g_get_monotonic_time() - arrived_us < kPromptUs;
      const bool is_as_before = is_asleep_ && pictures_.is_still() && arrived_us - given_out_us_ < kUnseenUs;
      if (!has_time && is_as_before) return false;
      given_out_us_ = arrived_us;
      return true;
    }
    comes_again = shown_key_ == number && shown_before_ && *shown_before_ >= ring_.first();
    if (comes_again) shown_key_ = shown_before_;
    is_asleep_ = false;
    if (comes_again) go_back_to(*shown_before_);
    else catch_up();
  }
  changed_.notify_one();
  return !comes_again;
}

void UnitFlow::limit(std::optional<int> max_fps, bool passes_late) {
  std::lock_guard lock(mutex_);
  max_fps_ = max_fps;
  passes_late_ = passes_late;
}

/** Before the unit is in the ring. */
void UnitFlow::note_size(const Unit& unit) {
  if (!unit.broken) sizes_.note({unit.is_key(), unit.bytes, unit.nature.filled, unit.arrived_us});
  if (unit.is_whole_key()) whole_key_us_ = unit.arrived_us;
  if (is_asleep_ && !may_sleep()) wake_up();
  // With a key unit, so that what was decoded already is not decoded again when it wakes.
  else if (!is_asleep_ && unit.is_whole_key() && may_sleep()) {
    is_asleep_ = true;
    shown_key_.reset();
  }
}

bool UnitFlow::may_sleep() const {
  const std::optional<double> key_every_ms = key_distance_.median_ms();
  if (!max_sleep_ms_ || policy_ != Policy::all || !key_every_ms || !whole_key_us_) return false;
  if (*key_every_ms > *max_sleep_ms_ || ms_between(*whole_key_us_, last_arrival_us_) > *max_sleep_ms_) return false;
  if (gives_way()) return true;
  return !only_when_late_ && pictures_.is_still() && (sizes_.is_calm() || *key_every_ms <= kMostBetweenLooksMs);
}

void UnitFlow::wake_up() {
  // A machine that was late would be so again.
  const bool may_catch_up = !closed_ && !gives_way();
  is_asleep_ = false;
  if (may_catch_up) catch_up();
}

/** Goes back to the newest whole key unit, unless that was too long ago. */
void UnitFlow::catch_up() {
  const std::optional<uint64_t> key = ring_.newest_whole_key(ring_.first());
  if (key && *key < cursor_ && last_arrival_us_ - ring_.at(*key).arrived_us <= limits_.ring_ms * 1000) go_back_to(*key);
}

void UnitFlow::go_back_to(uint64_t key) {
  uint64_t& skipped = stats_.skipped.policy;
  skipped -= std::min(skipped, cursor_ - key - (shown_key_ == key ? 1 : 0));
  catch_up_to_ = ring_.next();
  catch_up_by_us_ = g_get_monotonic_time() + std::min(limits_.ring_ms, kMostCatchUpMs) * 1000;
  cursor_ = key;
}

void UnitFlow::watch(bool on) {
  {
    std::lock_guard lock(mutex_);
    if (on == watcher_.has_value()) return;
    watcher_.reset();
    if (!on) return;
    watcher_ = ring_.newest_key(ring_.first()).value_or(ring_.next());
    watcher_lost_ = false;
    watcher_needs_key_ = true;
  }
  wake_();
}

std::optional<Unit> UnitFlow::watched() {
  std::lock_guard lock(mutex_);
  if (closed_ || !watcher_) return std::nullopt;
  if (*watcher_ < ring_.first()) {
    stats_.watcher_dropped += ring_.first() - *watcher_;
    watcher_ = ring_.first();
    watcher_needs_key_ = watcher_lost_ = true;
  }
  while (*watcher_ < ring_.next()) {
    const Unit& unit = ring_.at((*watcher_)++);
    if (unit.is_key()) watcher_needs_key_ = watcher_lost_ = false;
    if (!watcher_needs_key_) return unit;
    if (watcher_lost_) ++stats_.watcher_dropped;
  }
  return std::nullopt;
}

std::vector<Unit> UnitFlow::captured() {
  std::lock_guard lock(mutex_);
  std::vector<Unit> units;
  if (closed_) return units;
  for (uint64_t number = ring_.first_key().value_or(ring_.next()); number < ring_.next(); ++number) {
    units.push_back(ring_.at(number));
  }
  return units;
}

std::optional<Moment> UnitFlow::moment_at(const std::vector<GstClockTime>& times) {
  std::lock_guard lock(mutex_);
  if (closed_ || times.empty()) return std::nullopt;
  Moment moment;
  for (const GstClockTime pts : times) {
    const std::optional<uint64_t> wanted = ring_.nearest(pts);
    if (!wanted || std::abs(GST_CLOCK_DIFF(pts, ring_.at(*wanted).pts())) > kOutside) return std::nullopt;
    moment.wanted.push_back(*wanted);
  }
  const auto [first, last] = std::minmax_element(moment.wanted.begin(), moment.wanted.end());
  std::optional<uint64_t> key = ring_.last_key(*first);
  // A leading picture refers to the group before, too.
  if (key && ring_.at(*first).leading) key = *key > 0 ? ring_.last_key(*key - 1) : std::nullopt;
  if (!key) return std::nullopt;
  for (uint64_t number = *key; number <= *last; ++number) {
    const Unit& unit = ring_.at(number);
    if (unit.broken) return std::nullopt;
    moment.units.push_back(unit);
  }
  moment.tags.assign(tags_.begin(), tags_.end());
  return moment;
}

std::optional<int> UnitFlow::turn() {
  std::lock_guard lock(mutex_);
  std::optional<int> turn = 0;
  for (const Shared<GstEvent>& event : tags_) {
    GstTagList* tags = nullptr;
    gst_event_parse_tag(event.get(), &tags);
    gchar* text = nullptr;
    if (!gst_tag_list_get_string(tags, GST_TAG_IMAGE_ORIENTATION, &text)) continue;
    const Owned<gchar> orientation(text);
    constexpr std::string_view rotated = "rotate-";
    const std::string_view said = orientation.get();
    if (said.substr(0, rotated.size()) == rotated) turn = std::atoi(said.data() + rotated.size());
    else turn.reset();
  }
  return turn;
}

void UnitFlow::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    cursor_ = ring_.next();
    ring_.clear();
    notes_.clear();
    tags_.clear();
  }
  changed_.notify_all();
  room_.notify_all();
}

FlowStats UnitFlow::stats() {
  std::lock_guard lock(mutex_);
  FlowStats stats = stats_;
  const int64_t now_us = g_get_monotonic_time();
  if (stats.received > 0) stats.since_last_unit_ms = ms_between(last_arrival_us_, now_us);
  stats.key_every_ms = key_distance_.median_ms();
  if (cursor_ < ring_.next()) stats.lag_ms = ms_between(ring_.at(std::max(cursor_, ring_.first())).arrived_us, now_us);
  stats.ring_units = ring_.next() - ring_.first();
  stats.ring_bytes = ring_.bytes();
  stats.ring_ms = ring_.span_ms();
  stats.is_asleep = is_asleep_;
  stats.gives_way = is_asleep_ && gives_way();
  return stats;
}

}  // namespace rollcall
