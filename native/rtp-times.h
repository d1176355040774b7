#pragma once
#include <gst/gst.h>

#include <cstdint>
#include <deque>
#include <optional>

namespace rollcall {

/**
 * The RTP times of the last pictures, as the camera sent them, by the presentation time that GStreamer's jitter buffer made of
 * them. All packets of a picture have both in common. All on the thread of `units`.
 */
class RtpTimes {
 public:
  /** Looks at the RTP packets that pass the element `packets`. `this` outlives the pipeline's threads. */
  void attach(GstElement* pipeline);
  /** Absent when the picture did not come by RTP, or has no presentation time of its own. */
  std::optional<uint32_t> of(GstClockTime pts) const;

 private:
  void see(GstBuffer* packet);

  struct Picture {
    GstClockTime pts;
    /** Absent when another picture has the same presentation time. */
    std::optional<uint32_t> rtp_time;
  };
  /** The newest last. Parsers hold back few. */
  std::deque<Picture> pictures_;
};

}  // namespace rollcall
