#pragma once
#include "unit.h"

namespace rollcall {

/**
 * Reads what access units say of themselves: H.264 and H.265 byte streams up to their first slice, VP8 by its first byte;
 * of other codecs the parser's flags are taken.
 */
class NatureReader {
 public:
  /** `caps` are those of the buffer. Streaming thread only. */
  Nature read(const GstCaps* caps, GstBuffer* buffer);

 private:
  /** The highest temporal sub-layer seen: others may refer to what is below. */
  int highest_layer_ = 0;
};

}  // namespace rollcall
