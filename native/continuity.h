#pragma once
#include <gst/gst.h>

#include <atomic>
#include <deque>
#include <optional>

#include "unit.h"

namespace rollcall {

/**
 * Follows a stream for losses, and says of each access unit whether one lies in it, or before it since the last whole key
 * unit. RTP packets are counted before they are unpacked, because a depayloader may give out what is left of a picture;
 * elsewhere the flags of demuxers and parsers are believed. All on the streaming thread, but for `lost()`.
 */
class Continuity {
 public:
  /** Looks at the RTP packets that pass the element `packets`, if there is one. `this` outlives the pipeline's threads. */
  void attach(GstElement* pipeline);
  bool is_broken(const Unit& unit);
  uint64_t lost() const { return lost_; }

 private:
  void see(GstBuffer* packet);

  struct Packet {
    uint16_t sequence;
    uint32_t source;
    GstClockTime pts;
  };
  std::optional<Packet> last_;
  /** Times of pictures of which a packet is missing, the newest last. Parsers hold back few. */
  std::deque<GstClockTime> incomplete_;
  bool is_broken_ = true;
  bool has_packets_ = false;
  std::atomic<uint64_t> lost_ = 0;
};

}  // namespace rollcall
