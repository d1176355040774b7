#pragma once
#include <cstdint>
#include <optional>

namespace rollcall {

/** `DecodePolicy` of index.d.ts. */
enum class Policy { none, keys, reference, all };

/** Why a unit was not decoded; `skipped` of index.d.ts. */
enum class Reason { behind, broken, disposable, policy };

/** All that the choice about one unit depends on. Times are milliseconds. */
struct Situation {
  Policy policy = Policy::all;
  /** The unit: see `Unit`. */
  std::optional<int> recovery;
  bool disposable = false, leading = false, broken = false;
  /** Its frame would not pass: see `is_left_out` of left-out.h. */
  bool left_out = false;
  /** How long the unit has waited. Nothing is late while older units are decoded on purpose. */
  double lag_ms = 0;
  bool is_catching_up = false;
  /** The decoder lacks what the next unit refers to, since when by the units' arrival, and why. */
  bool is_blind = true;
  double blind_ms = 0;
  Reason blind_reason = Reason::broken;
  /** Decoding goes on without what was lost. */
  bool is_concealing = false;
  /** Decoding began with the last key unit, so its leading pictures lack what they refer to. */
  bool began_at_key = false;
  /** Whether the ring has a whole key unit after this one. */
  bool has_key_ahead = false;
  /** Absent before there were two. */
  std::optional<double> key_every_ms;
  double since_key_ms = 0;
  double max_lag_ms = 400, max_blind_ms = 2000;
};

struct Choice {
  enum class Action {
    feed,
    /** With the decoder's references lost: what follows needs a whole key unit. */
    lose,
    /** Nothing refers to it. */
    skip,
    /** To the newest whole key unit. */
    jump,
  } action;
  /** Why it is not fed. */
  Reason reason = Reason::policy;
  /** It is fed, and what it refers to is missing. */
  bool damaged = false;
};

/** Decides about the unit that comes next. Pure. */
Choice choose(const Situation& now);

}  // namespace rollcall
