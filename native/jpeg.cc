#include "jpeg.h"

#include <gst/video/video.h>

#include <stdexcept>

#include "owned.h"

namespace rollcall {
namespace {

GstFlowReturn collect(GstPad* pad, GstObject*, GstBuffer* buffer) {
  auto* jpeg = static_cast<std::vector<uint8_t>*>(gst_pad_get_element_private(pad));
  jpeg->resize(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, jpeg->data(), jpeg->size());
  gst_buffer_unref(buffer);
  return GST_FLOW_OK;
}

Owned<GstPad> pad(const char* name, GstPadDirection direction) {
  return Owned<GstPad>(GST_PAD(gst_object_ref_sink(gst_pad_new(name, direction))));
}

/** Encoders take no planar RGB. */
std::vector<uint8_t> interleave(const std::vector<uint8_t>& planes) {
  const size_t area = planes.size() / 3;
  std::vector<uint8_t> packed(planes.size());
  for (size_t i = 0; i < area; ++i) {
    for (const size_t channel : {0, 1, 2}) packed[3 * i + channel] = planes[channel * area + i];
  }
  return packed;
}

}  // namespace

// One element between two bare pads encodes synchronously: a pipeline would cost three threads a picture.
std::vector<uint8_t> encode_jpeg(const std::vector<uint8_t>& rgb, int width, int height, int quality) {
  GstElement* made = gst_element_factory_make("jpegenc", nullptr);
  if (!made) throw std::runtime_error("no element \"jpegenc\": install gstreamer1.0-plugins-good");
  const Owned<GstElement> encoder(GST_ELEMENT(gst_object_ref_sink(made)));
  g_object_set(made, "quality", quality, nullptr);

  std::vector<uint8_t> jpeg;
  const Owned<GstPad> in = pad("src", GST_PAD_SRC), out = pad("sink", GST_PAD_SINK);
  gst_pad_set_element_private(out.get(), &jpeg);
  gst_pad_set_chain_function(out.get(), collect);
  const Owned<GstPad> sink(gst_element_get_static_pad(made, "sink")), src(gst_element_get_static_pad(made, "src"));
  gst_pad_link(in.get(), sink.get());
  gst_pad_link(src.get(), out.get());
  gst_pad_set_active(out.get(), TRUE);
  gst_element_set_state(made, GST_STATE_PLAYING);
  gst_pad_set_active(in.get(), TRUE);

  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_RGB, width, height);
  info.stride[0] = width * 3;  // Caps alone would promise rows rounded up to 4 bytes.
  const std::vector<uint8_t> packed = interleave(rgb);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  const Owned<GstCaps> caps(gst_video_info_to_caps(&info));
  gst_pad_push_event(in.get(), gst_event_new_stream_start("picture"));
  gst_pad_push_event(in.get(), gst_event_new_caps(caps.get()));
  gst_pad_push_event(in.get(), gst_event_new_segment(&segment));

  GstBuffer* buffer = gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, const_cast<uint8_t*>(packed.data()),
                                                  packed.size(), 0, packed.size(), nullptr, nullptr);
  GST_BUFFER_PTS(buffer) = 0;
  gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_RGB, width, height, 1,
                                 info.offset, info.stride);
  const GstFlowReturn flow = gst_pad_push(in.get(), buffer);

  gst_element_set_state(made, GST_STATE_NULL);
  gst_pad_set_active(in.get(), FALSE);
  gst_pad_set_active(out.get(), FALSE);
  if (flow != GST_FLOW_OK || jpeg.empty()) {
    throw std::runtime_error(std::string("jpegenc refused the picture: ") + gst_flow_get_name(flow));
  }
  return jpeg;
}

}  // namespace rollcall
