#include "decode-policy.h"

namespace rollcall {
namespace {

using Action = Choice::Action;

/** Whether a decoder can start at the unit. */
bool is_entry(const Situation& now) { return now.recovery && !now.broken; }

bool is_late(const Situation& now, double limit_ms) { return !now.is_catching_up && now.lag_ms > limit_ms; }

/** Whether the next key unit is expected before blindness would last too long. */
bool is_key_near(const Situation& now) {
  return now.key_every_ms && *now.key_every_ms - now.since_key_ms <= now.max_blind_ms;
}

Choice when_blind(const Situation& now) {
  if (is_entry(now)) return {Action::feed};
  if (now.blind_ms >= now.max_blind_ms) return {Action::feed, now.blind_reason, true};
  return {Action::lose, now.blind_reason};
}

Choice when_sighted(const Situation& now) {
  if (is_entry(now)) return {Action::feed};
  if (now.leading && now.began_at_key) return {Action::skip, now.blind_reason};
  if (now.disposable && (now.left_out || now.policy == Policy::reference)) return {Action::skip, Reason::policy};
  // Half the limit, so that what costs least goes first.
  if (now.disposable && is_late(now, now.max_lag_ms / 2)) return {Action::skip, Reason::disposable};
  if (now.is_concealing) return {Action::feed, Reason::broken, true};
  if (now.broken) return now.max_blind_ms > 0 ? Choice{Action::lose, Reason::broken} : Choice{Action::feed, Reason::broken, true};
  // With rare key units it is better to be late and whole.
  if (is_late(now, now.max_lag_ms) && is_key_near(now)) return {Action::lose, Reason::behind};
  return {Action::feed};
}

}  // namespace

Choice choose(const Situation& now) {
  if (now.policy == Policy::none) return {Action::lose, Reason::policy};
  if (now.policy == Policy::keys && !is_entry(now)) return {Action::lose, now.recovery ? Reason::broken : Reason::policy};
  if (is_late(now, now.max_lag_ms) && now.has_key_ahead) return {Action::jump, Reason::behind};
  return now.is_blind ? when_blind(now) : when_sighted(now);
}

}  // namespace rollcall
