#pragma once
#include <gst/gst.h>

#include <atomic>
#include <deque>
#include <optional>

#include "rtp-packets.h"
#include "unit.h"

namespace rollcall {

/** What losses did to an access unit. */
enum class Damage {
  none,
  /** Something was lost in it, and nothing refers to it: what follows is whole. */
  alone,
  /** Something was lost in it, or before it since the last whole key unit. */
  broken,
};

/**
 * Follows a stream for losses, and says of each access unit what they did to it. RTP packets are counted before they are
 * unpacked, because a depayloader may give out what is left of a picture. Packets of a transport stream are counted before
 * they are taken apart; that one is missing travels with the data as an event. Elsewhere the flags of demuxers and parsers
 * are believed. All on the thread of `units`, but for `lost()`.
 *
 * That a loss was in pictures only to which none refers is proven in two ways. In H.264 reference pictures are numbered. In
 * H.265 it is seen from the packets on both sides of the gap: fragments of such a picture, or packets of the same one.
 */
class Continuity {
 public:
  /** Looks at the RTP packets that pass the element `packets`, and into every tsdemux. `this` outlives the pipeline's threads. */
  void attach(GstElement* pipeline);
  /** Whether the event, which has reached `units`, was that of a loss. */
  bool see_event(GstEvent* event);
  Damage damage_of(const Unit& unit);
  uint64_t lost() const { return lost_; }

 private:
  /** What an RTP packet of H.265 carries. */
  struct Slice {
    /** Of a picture to which no other refers; never of a packet with several units. */
    bool is_disposable = false;
    bool begins = false, ends = false;
  };
  struct Packet {
    RtpHeader header;
    GstClockTime pts;
    Slice slice;
  };

  void see_format(GstEvent* event);
  void see(GstBuffer* buffer);
  void see_gap(const Packet& last, const Packet& next);
  bool is_confined(const Packet& last, const Packet& next, unsigned missing) const;
  void note_torn(GstClockTime pts);
  /** `payload` has three bytes at least. */
  Slice slice_of(const uint8_t* payload);
  bool is_torn(const Unit& unit) const;
  bool lacks_reference(const Unit& unit) const;

  std::optional<Packet> last_;
  /** Times of the newest two pictures whose packets were seen. */
  GstClockTime seen_pts_[2] = {GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE};
  /** Times of pictures of which a packet is missing, the newest last. Parsers hold back few. */
  std::deque<GstClockTime> incomplete_;
  /** How many of the units to come may be the one in which something was lost. */
  int doubtful_ = 0;
  bool is_broken_ = true;
  bool has_packets_ = false, has_units_ = false, is_h265_ = false, is_mpeg4_ = false;
  /** Whether the last packet of a picture, and no other, has the marker, and units have the times of their packets. */
  bool are_markers_right_ = true, are_times_right_ = true;
  /** The last unit's. */
  GstClockTime unit_pts_ = GST_CLOCK_TIME_NONE;
  /** Packets that were lost since the last whole key unit and may have held references. */
  unsigned lost_in_group_ = 0;
  /** Of the last reference picture. */
  std::optional<FrameNumber> reference_;
  int highest_layer_ = 0, keys_ = 0;
  std::atomic<uint64_t> lost_ = 0;
};

}  // namespace rollcall
