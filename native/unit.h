#pragma once
#include <gst/gst.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "owned.h"

namespace rollcall {

/** VPS, SPS and PPS of a unit, with start codes. */
using ParameterSets = std::shared_ptr<const std::string>;

/** `frame_num` of H.264: of reference pictures it rises by one from picture to picture, up to `modulus`. */
struct FrameNumber {
  unsigned value = 0, modulus = 0;
};

/** What an access unit says of itself. */
struct Nature {
  /** How many frames after this one a decoder that starts here gives whole pictures, 0 for a key frame; absent where none can start. */
  std::optional<int> recovery;
  /** No other picture refers to it. */
  bool disposable = false;
  /** Its first slice is missing. */
  bool headless = false;
  /** Whether it is shown before the key unit that it follows; absent where only the times can tell. */
  std::optional<bool> leading = std::nullopt;
  /** Of a frame of H.264; absent for fields, and where the parameter set was not understood. */
  std::optional<FrameNumber> frame_number = std::nullopt;
  /** It ends with bytes that stand for nothing, so that it has the size that a bit rate wants. */
  bool filled = false;
  /** Null when it has none. */
  ParameterSets parameters = nullptr;
};

/** Of two times of the monotonic clock, in microseconds. */
inline double ms_between(int64_t from_us, int64_t to_us) { return static_cast<double>(to_us - from_us) / 1000; }

/** One encoded access unit, still in the parser's memory. Copies share the sample. */
struct Unit {
  Shared<GstSample> sample;
  /** Among all that were received, from 0. The ring gives it. */
  uint64_t number = 0;
  Nature nature;
  /** Shown before the key unit that it follows. */
  bool leading = false;
  /** Something was lost in it, or before it since the last whole key unit. */
  bool broken = false;
  size_t bytes = 0;
  /** Of its RTP packets; absent when it came otherwise. */
  std::optional<uint32_t> rtp_time = std::nullopt;
  /** Microseconds of the monotonic clock. */
  int64_t arrived_us = 0;
  double arrived_at_ms = 0;

  GstBuffer* buffer() const { return gst_sample_get_buffer(sample.get()); }
  GstClockTime pts() const { return GST_BUFFER_PTS(buffer()); }
  /** A decoder that starts here gives whole pictures at once. */
  bool is_key() const { return nature.recovery == 0; }
  bool is_whole_key() const { return is_key() && !broken; }
};

}  // namespace rollcall
