#pragma once
#include <gst/gst.h>

#include <cstdint>
#include <optional>

namespace rollcall {

/** The encodings of RTP whose packets hold NAL units. */
enum class NalCodec { h264, h265 };

/** What a packet is, by the first two bytes of its payload. */
enum class PayloadKind { own, foreign, other };

/**
 * `own`: the packet holds (a part of) a picture of the codec. `foreign`: it holds one of the other codec, or its parameter sets, and
 * nothing that the codec has. `other`: neither is sure. The headers are those of ITU-T H.264, table 7-1, with RFC 6184, 5.2, and of
 * ITU-T H.265, table 7-1, with RFC 7798, 4.4; no pair of bytes stands for pictures of both.
 */
PayloadKind kind_of_payload(NalCodec codec, uint8_t first, uint8_t second);

/**
 * Notices that a camera sends H.265 where it has described H.264, or the other way round: somebody has changed its codec, and its
 * connection stands. A depayloader takes such packets for NAL units of rare types, and what comes of them is luck: they go no
 * further. After some pictures of them it ends the pipeline with an error of its own (rollcall-codec-error-quark), whose code is
 * the codec that is sent: 264 or 265.
 */
class CodecWatch {
 public:
  /** Looks at what passes the element `packets`, if there is one. `this` outlives the pipeline's threads. */
  void attach(GstElement* pipeline);

 private:
  void see_caps(GstEvent* event);
  bool is_foreign(GstPad* pad, GstBuffer* packet);
  GstBufferList* without_foreign(GstPad* pad, GstBufferList* list);
  void tell(GstPad* pad);

  /** As described; absent for other encodings, and after `tell`. */
  std::optional<NalCodec> codec_;
  bool is_told_ = false;
  /** How many pictures in a row, by RTP time stamp, were foreign. */
  int foreign_ = 0;
  std::optional<uint32_t> last_time_;
};

}  // namespace rollcall
