#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <variant>
#include <vector>

#include "decode-policy.h"
#include "event-queue.h"
#include "key-distance.h"
#include "moment.h"
#include "picture-watch.h"
#include "rate-limit.h"
#include "size-watch.h"
#include "unit-ring.h"

namespace rollcall {

/** `OpenOptions` of index.d.ts. */
struct FlowLimits {
  int64_t ring_ms = 4000;
  size_t ring_bytes = 8 << 20;
  double max_blind_ms = 2000, max_lag_ms = 400;
  /** To begin with. */
  Policy policy = Policy::all;
};

struct Skipped {
  uint64_t behind = 0, broken = 0, disposable = 0, policy = 0;
};

struct FlowStats {
  uint64_t received = 0, received_bytes = 0, keys = 0, watcher_dropped = 0;
  std::optional<double> key_every_ms, since_last_unit_ms;
  double lag_ms = 0;
  Skipped skipped;
  size_t ring_units = 0, ring_bytes = 0;
  double ring_ms = 0;
  bool is_asleep = false;
  /** And it would be if something moved. */
  bool gives_way = false;
};

/** A unit for the decoder. */
struct Feed {
  Unit unit;
  /** What it refers to is missing. */
  bool damaged = false;
  /** It was decoded before: its frame is not given out again. */
  bool silent = false;
  /** It waited because nobody wanted it; its frame is one of several that come at once. */
  bool late = false;
  /** What the decoder may not have got with units that were lost; null when the unit needs nothing before it. */
  ParameterSets parameters = nullptr;
};
/** The decoder gives out what it holds, and forgets its references. */
struct Drain {};
/** What passes the decoder in order with the units: a message, or an event of GStreamer. */
using Note = std::variant<Message, Shared<GstEvent>>;
/** The reader gives out what it holds, and ends: another one takes what follows, a whole key unit. */
struct Leave {};
using Step = std::variant<Feed, Drain, Note, Leave>;

/**
 * Access units between the thread that receives, the decoder's, and JavaScript's.
 *
 *   receiver ──push──▶ ring ──next──▶ decoder       which asks when it has room; `choose` says what it gets
 *                        └──watched──▶ JavaScript   every unit from a key unit on
 *
 * One decoder reads at a time. Another one that takes its place begins with a whole key unit, and so loses nothing.
 *
 *   newest   pushing never waits; units that are let go before they were decoded are counted
 *   every    pushing waits while the decoder is far behind; all is fed
 */
class UnitFlow {
 public:
  /** `wake` is called without the lock when there is a unit for JavaScript. `passing`: which frames pass behind the decoder. */
  UnitFlow(Mode mode, FlowLimits limits, std::function<void()> wake, std::function<std::optional<RateLimit>()> passing)
      : mode_(mode),
        limits_(limits),
        wake_(std::move(wake)),
        passing_(std::move(passing)),
        ring_(limits.ring_ms, limits.ring_bytes),
        policy_(limits.policy) {}

  /** False when the flow is closed: the caller stops. */
  bool push(Unit unit);
  /** Counts a unit that is of no use to anybody: it is damaged, and nothing refers to it. */
  void leave_out();
  /** Reaches the decoder after the units pushed before. */
  void push_note(Note note);
  /** Waits for what comes next; absent when the flow is closed, or another one reads. Decoder's thread only. */
  std::optional<Step> next(uint64_t reader);
  /** Gives the name of a new reader, which gets what comes next. With `one_format` it leaves before a unit of another one. */
  uint64_t begin(bool one_format);
  /**
   * The same in the place of one that may have lost what it got: from the last whole key unit on that was given out, and no picture
   * is given out twice. Without one in the ring pictures begin with the next one.
   */
  uint64_t begin_again();
  /** The one who reads leaves at the next whole key unit. */
  void leave();
  /** A picture of this time was given out. From any thread. */
  void gave(GstClockTime pts) { given_ = pts; }
  void want(Policy policy);
  /**
   * Lets the decoder sleep, under the policy `all`: it gets key units only, two a second at most, while nothing moves and key units
   * come every `max_sleep_ms` at least. Pictures say whether anything does, and sizes too where key units are more than a second
   * apart. Absent: no more. When it wakes, it catches up from the newest key unit on.
   *
   * A machine that is late has no time for where nobody is: so for ten seconds after it was, it sleeps whether anything moves or
   * not, but for the ten seconds after a scene that was still has changed. `only_when_late`: at no other time.
   */
  void doze(std::optional<double> max_sleep_ms, bool only_when_late = false);
  /** Whether pictures are to be looked at. */
  bool dozes();
  /**
   * Takes what the decoder has made of the unit with this number, when it dozes. False when the picture is not given out. It may come
   * once more, after those since the last key unit before it: it wakes, because something moved meanwhile. Or nobody has time for
   * pictures that are as before, and one was given out a moment ago: decoders wait for cores (`are_short`), or this one was slow.
   */
  bool look(uint64_t number, const PictureCells& picture, bool are_short);
  /** So many pictures of a second are wanted; absent: all. Where each unit is a key unit, twice as many are decoded. */
  void limit(std::optional<int> max_fps, bool passes_late);

  /** Units for JavaScript, from the newest key unit on, while watched. */
  void watch(bool on);
  std::optional<Unit> watched();
  /** Degrees clockwise by which the stream says that its picture is to be turned; absent when it says mirrored. */
  std::optional<int> turn();
  /** The ring from its first key unit on. */
  std::vector<Unit> captured();
  /** The pictures whose times are nearest; absent when one of them is not, or not whole, in the ring. */
  std::optional<Moment> moment_at(const std::vector<GstClockTime>& times);

  void close();
  Mode mode() const { return mode_; }
  FlowStats stats();

 private:
  Situation situation(const Unit& unit, int64_t now_us) const;
  std::optional<Step> decide(int64_t now_us);
  std::optional<Step> feed_next(bool damaged);
  uint64_t change_reader();
  bool has_other_format(const Unit& unit) const;
  bool is_repeated(const Unit& unit) const;
  void pass(const Unit& unit);
  std::optional<Step> lose(const Unit& unit, Reason reason);
  void pass_overrun();
  bool is_spare(const Unit& unit);
  void catch_up();
  void go_back_to(uint64_t key);
  void note_size(const Unit& unit);
  bool may_sleep() const;
  bool gives_way() const;
  void wake_up();
  Policy policy() const { return is_asleep_ ? Policy::keys : policy_; }
  Unit with_time(Unit unit);
  bool is_full() const;
  uint64_t& count_of(Reason reason);

  const Mode mode_;
  const FlowLimits limits_;
  const std::function<void()> wake_;
  const std::function<std::optional<RateLimit>()> passing_;
  std::mutex mutex_;
  std::condition_variable changed_, room_;
  bool closed_ = false;
  UnitRing ring_;
  KeyDistance key_distance_;

  struct Waiting {
    Note note;
    /** Number of the unit that follows it. */
    uint64_t before;
  };
  std::deque<Waiting> notes_;
  /** The last ones. */
  std::deque<Shared<GstEvent>> tags_;

  /** The number of the unit that the decoder comes to next, and of the one that JavaScript does; absent while off. */
  uint64_t cursor_ = 0;
  size_t undecoded_bytes_ = 0;
  std::optional<uint64_t> watcher_;
  /** Units up to the next key unit are not told: silently at the beginning, counted after a loss. */
  bool watcher_needs_key_ = false, watcher_lost_ = false;

  /** Who reads. */
  uint64_t reader_ = 0;
  bool is_leaving_ = false;
  /** The only one that the reader takes; null: any. */
  Owned<GstCaps> format_;
  /** The time of the last picture that was given out. Those of units before `repeated_to_` up to it are not given out again. */
  std::atomic<GstClockTime> given_ = GST_CLOCK_TIME_NONE;
  uint64_t repeated_to_ = 0;
  GstClockTime repeated_until_ = GST_CLOCK_TIME_NONE;

  Policy policy_;
  std::optional<double> max_sleep_ms_;
  bool only_when_late_ = false;
  /** Longer than it takes to know by key units, one a second, that a scene is still. */
  static constexpr int64_t kGivesWayUs = 10'000'000;
  int64_t gives_way_until_us_ = 0;
  /** When a scene that was still has changed last. */
  std::optional<int64_t> moves_since_us_;
  bool is_asleep_ = false;
  SizeWatch sizes_;
  PictureWatch pictures_;
  /** When the last whole key unit was received. */
  std::optional<int64_t> whole_key_us_;
  bool is_blind_ = true, is_concealing_ = false, began_at_key_ = false, drain_due_ = false;
  std::optional<int64_t> blind_since_us_;
  Reason blind_reason_ = Reason::broken;
  /** The newest ones. Cameras tell them once, or before each key unit. */
  ParameterSets parameters_;
  /** Frames up to whole ones, after a gradual recovery. */
  int recovering_ = 0;
  /** Units before this one wait on purpose; and none is late before this time, or up to one after it that is in time. */
  uint64_t catch_up_to_ = 0;
  int64_t catch_up_by_us_ = 0;
  /** When the unit was received whose picture `look` let pass last. */
  int64_t given_out_us_ = 0;
  /** The key unit that was decoded last while only they were, and the one before it. */
  std::optional<uint64_t> shown_key_, shown_before_;
  /** So many units in a row are a stream of key units alone. */
  static constexpr unsigned kOnlyKeys = 25;
  /** So many were, up to those. */
  unsigned keys_in_a_row_ = 0;
  std::optional<int> max_fps_;
  /** All that is caught up with is wanted, too. */
  bool passes_late_ = false;
  /** Of key units; by what, in frames a second. */
  std::optional<RateLimit> rate_;
  int rate_fps_ = 0;

  FlowStats stats_;
  int64_t last_arrival_us_ = 0;
  /** The time of the last unit that has one. */
  GstClockTime last_pts_ = GST_CLOCK_TIME_NONE;
  /** So many units in a row came without a time. */
  unsigned untimed_ = 0;
  /** So many units, up to the fewest that make a stream one with times, had one. */
  unsigned timed_ = 0;
};

}  // namespace rollcall
