#pragma once
#include "rate-limit.h"
#include "unit-ring.h"

namespace rollcall {

/**
 * Whether the unit with this number need not be decoded, if no other refers to it: by the times of the units in the ring its
 * frame would not pass the rate. While the decoder holds the frame that passes next, those that are shown after it are needed,
 * because decoders give a frame out once so many of them have come: with fewer it would come later.
 */
bool is_left_out(const UnitRing& ring, uint64_t number, const RateLimit& rate);

}  // namespace rollcall
