#pragma once
#include <cstdint>
#include <optional>

#include "unit.h"

namespace rollcall {

/**
 * What a decoded frame is told of the unit that it comes from. Travels through decoders and converters as a
 * GstReferenceTimestampMeta, which all of them copy, as they do the camera's time.
 */
struct UnitMark {
  uint64_t number;
  bool damaged;
  /** The frame is not given out. */
  bool silent;
  /** It is one of several that were decoded late, at once. */
  bool late;
  /** The unit's own. After a loss among B-frames, decoders give out pictures with each other's times. */
  GstClockTime pts;
};

/**
 * A copy of the unit's sample whose buffer carries the mark, behind `parameters`. The picture's data are shared. Its segment
 * has no end.
 */
Owned<GstSample> marked(const Unit& unit, UnitMark mark, const ParameterSets& parameters = nullptr);
/** The unit's sample as it is, but for the end of its segment. */
Owned<GstSample> unmarked(const Unit& unit);
/** Absent on frames of units that were not marked. */
std::optional<UnitMark> mark_of(GstBuffer* frame);

/** The RTP time of the unit that the frame comes from; absent on frames of units that were not marked, or had none. */
std::optional<uint32_t> rtp_time_of(GstBuffer* frame);

/** When the unit that the frame comes from arrived, Unix milliseconds; absent on frames of units that were not marked. */
std::optional<double> unit_arrived_at_ms(GstBuffer* frame);

/** Unix milliseconds by the camera's NTP clock (`timestamp/x-ntp`); absent when it did not tell. */
std::optional<double> ntp_at_ms(GstBuffer* buffer);

}  // namespace rollcall
