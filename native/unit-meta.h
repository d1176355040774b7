#pragma once
#include <gst/gst.h>

#include <cstdint>
#include <optional>

namespace rollcall {

/** What a decoded frame is told of the unit that it comes from. */
struct UnitMark {
  uint64_t number;
  bool damaged;
  /** The frame is not given out. */
  bool silent;
};

/**
 * The mark travels through decoders and converters as a GstReferenceTimestampMeta, which all of them copy, as they do the
 * camera's time.
 */
void mark_unit(GstBuffer* buffer, UnitMark mark);
/** Absent on frames of units that were not marked. */
std::optional<UnitMark> mark_of(GstBuffer* frame);

/** Unix milliseconds by the camera's NTP clock (`timestamp/x-ntp`); absent when it did not tell. */
std::optional<double> ntp_at_ms(GstBuffer* buffer);

}  // namespace rollcall
