#pragma once
#include <gst/gst.h>

#include <cstdint>
#include <map>
#include <vector>

namespace rollcall {

/**
 * Finds what an MPEG transport stream has lost by its continuity counters and error indicators (ISO/IEC 13818-1, 2.4.3.3), of
 * which the relay sends one where HLS lacks something. Tsdemux gives out what is left of a picture unmarked, and says nothing
 * where the last packet of one is lost.
 */
class TsGaps {
 public:
  /**
   * Looks at the next bytes of the stream; gives each PID that has lost something within them, and how many pictures of it
   * begin there.
   */
  std::map<uint16_t, int> see(const uint8_t* data, size_t size);

 private:
  void packet(const uint8_t* data, std::map<uint16_t, int>& begun);

  /** What is not a whole packet yet. */
  std::vector<uint8_t> rest_;
  std::map<uint16_t, uint8_t> counters_;
  std::map<uint16_t, int> lost_;
};

/** Calls `tell(pad, pictures)` before tsdemux gets bytes in which something of the pad's stream is missing. */
void watch_transport_stream(GstElement* tsdemux, void (*tell)(GstPad* pad, int pictures));

}  // namespace rollcall
