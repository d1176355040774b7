#pragma once
#include <gst/gst.h>

#include <atomic>
#include <deque>
#include <optional>

#include "unit.h"

namespace rollcall {

/**
 * Follows a stream for losses, and says of each access unit whether one lies in it, or before it since the last whole key
 * unit. RTP packets are counted before they are unpacked, because a depayloader may give out what is left of a picture.
 * Packets of a transport stream are counted before they are taken apart; that one is missing travels with the data as an
 * event. Elsewhere the flags of demuxers and parsers are believed. All on the thread of `units`, but for `lost()`.
 */
class Continuity {
 public:
  /** Looks at the RTP packets that pass the element `packets`, and into every tsdemux. `this` outlives the pipeline's threads. */
  void attach(GstElement* pipeline);
  /** Whether the event, which has reached `units`, was that of a loss. */
  bool see_event(GstEvent* event);
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
  /** How many of the units to come may be the one in which something was lost. */
  int doubtful_ = 0;
  bool is_broken_ = true;
  bool has_packets_ = false, has_units_ = false;
  std::atomic<uint64_t> lost_ = 0;
};

}  // namespace rollcall
