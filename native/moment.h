#pragma once
#include <atomic>
#include <string>
#include <vector>

#include "unit.h"

namespace rollcall {

/** A picture of the past, and what has to be decoded for it. */
struct Moment {
  /** From a whole key unit on, in decoding order; the last one is the picture's. */
  std::vector<Unit> units;
  /** Tags of the stream, which say how the picture is turned. */
  std::vector<Shared<GstEvent>> tags;
};

/**
 * Decodes a moment by the decoding line of its camera, on the calling thread, which waits. Null when the decoder gives no
 * such picture, or when `cancelled`. Throws std::runtime_error when the line does not parse.
 */
Owned<GstSample> decode_moment(const std::string& launch, const Moment& moment, const std::atomic<bool>& cancelled);

}  // namespace rollcall
