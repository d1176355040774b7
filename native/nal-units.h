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
  Nature nature_of_h264(const GstMapInfo& map);
  Nature nature_of_h265(const GstMapInfo& map);

  /** The highest temporal sub-layer seen: others may refer to what is below. */
  int highest_layer_ = 0;
  /** Bits of `frame_num`, by the newest sequence parameter set of H.264; 0 when its pictures are fields, or it is not known. */
  int frame_number_bits_ = 0;
  /** The group of H.264 began with an IDR picture, which no picture after it may be shown before. */
  bool is_closed_ = false;
};

}  // namespace rollcall
