#include "rtp-times.h"

#include <algorithm>

#include "rtp-packets.h"

namespace rollcall {
namespace {

constexpr size_t kMaxPictures = 32;

}  // namespace

void RtpTimes::attach(GstElement* pipeline) {
  const Owned<GstPad> pad = packets_pad(pipeline);
  if (!pad) return;
  const auto look = +[](GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto* self = static_cast<RtpTimes*>(data);
    each_packet(info, [self](GstBuffer* packet) { self->see(packet); });
    return GST_PAD_PROBE_OK;
  };
  constexpr int kPackets = GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST;
  gst_pad_add_probe(pad.get(), static_cast<GstPadProbeType>(kPackets), look, this, nullptr);
}

void RtpTimes::see(GstBuffer* packet) {
  const GstClockTime pts = GST_BUFFER_PTS(packet);
  const std::optional<RtpHeader> header = rtp_header_of(packet);
  if (!header || !GST_CLOCK_TIME_IS_VALID(pts)) return;
  const auto known = std::find_if(pictures_.rbegin(), pictures_.rend(), [pts](const Picture& each) { return each.pts == pts; });
  if (known != pictures_.rend()) {
    // The jitter buffer gives two pictures one time when many come at once after a pause.
    if (known->rtp_time != header->time) known->rtp_time.reset();
    return;
  }
  pictures_.push_back({pts, header->time});
  if (pictures_.size() > kMaxPictures) pictures_.pop_front();
}

std::optional<uint32_t> RtpTimes::of(GstClockTime pts) const {
  const auto picture = std::find_if(pictures_.rbegin(), pictures_.rend(), [pts](const Picture& each) { return each.pts == pts; });
  return picture == pictures_.rend() ? std::nullopt : picture->rtp_time;
}

}  // namespace rollcall
