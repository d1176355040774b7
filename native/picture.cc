#include "picture.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rollcall {
namespace {

// Two pictures are in use at most: the one being analysed and the one being taken. The rest is slack for tests.
constexpr size_t kMaxFree = 4;

int even(double length) { return std::max(2, static_cast<int>(std::lround(length / 2)) * 2); }

/** Borrows memory as a frame: the converter only looks at `info` and `data`. */
GstVideoFrame frame_of(const GstVideoInfo& info, uint8_t* memory) {
  GstVideoFrame frame = {};
  frame.info = info;
  for (guint plane = 0; plane < GST_VIDEO_INFO_N_PLANES(&info); ++plane) {
    frame.data[plane] = memory + GST_VIDEO_INFO_PLANE_OFFSET(&info, plane);
  }
  return frame;
}

GstVideoConverter* converter(const GstVideoInfo& from, const GstVideoInfo& to) {
  GstStructure* options = gst_structure_new(
      "options", GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD, GST_TYPE_VIDEO_RESAMPLER_METHOD,
      GST_VIDEO_RESAMPLER_METHOD_LINEAR, GST_VIDEO_CONVERTER_OPT_CHROMA_MODE, GST_TYPE_VIDEO_CHROMA_MODE,
      GST_VIDEO_CHROMA_MODE_NONE, GST_VIDEO_CONVERTER_OPT_DITHER_METHOD, GST_TYPE_VIDEO_DITHER_METHOD,
      GST_VIDEO_DITHER_NONE, nullptr);
  return gst_video_converter_new(&from, &to, options);
}

}  // namespace

Size fit(Size full, int side) {
  const double scale = std::min({1.0, double(side) / full.width, double(side) / full.height});
  const auto length = [&](int from) { return std::min({even(from * scale), std::max(2, from & ~1), side & ~1}); };
  return {length(full.width), length(full.height)};
}

PicturePool::Block PicturePool::take(size_t bytes) {
  if (bytes != bytes_ || free_.empty()) return Block(new uint8_t[bytes]);
  Block block = std::move(free_.back());
  free_.pop_back();
  return block;
}

void PicturePool::give_back(Block block, size_t bytes) {
  if (bytes != bytes_) free_.clear();
  bytes_ = bytes;
  if (free_.size() < kMaxFree) free_.push_back(std::move(block));
}

PictureMaker::~PictureMaker() {
  if (scale_) gst_video_converter_free(scale_);
  if (convert_) gst_video_converter_free(convert_);
}

bool PictureMaker::prepare(const GstVideoInfo& info) {
  if (convert_ && gst_video_info_is_equal(&info, &from_)) return true;
  if (scale_) gst_video_converter_free(std::exchange(scale_, nullptr));
  if (convert_) gst_video_converter_free(std::exchange(convert_, nullptr));
  from_ = info;
  // GStreamer refuses to convert between different rates or interlacings; neither matters to one picture.
  GstVideoInfo full = info;
  full.fps_n = 0;
  full.fps_d = 1;
  full.interlace_mode = GST_VIDEO_INTERLACE_MODE_PROGRESSIVE;
  size_ = fit({info.width, info.height}, side_);

  gst_video_info_set_format(&rgb_, GST_VIDEO_FORMAT_RGB, size_.width, size_.height);
  rgb_.stride[0] = size_.width * 3;
  rgb_.size = bytes();
  if (size_ == Size{info.width, info.height}) {
    convert_ = converter(full, rgb_);
    return convert_ != nullptr;
  }
  // In two steps, because one converter would widen every full-size row to 32 bits a pixel before it scales.
  gst_video_info_set_format(&scaled_, GST_VIDEO_INFO_FORMAT(&info), size_.width, size_.height);
  scaled_.colorimetry = info.colorimetry;
  scaled_.chroma_site = info.chroma_site;
  scratch_.resize(scaled_.size);
  scale_ = converter(full, scaled_);
  convert_ = converter(scaled_, rgb_);
  return scale_ && convert_;
}

void PictureMaker::make(const GstVideoFrame& from, uint8_t* rgb) {
  GstVideoFrame to = frame_of(rgb_, rgb);
  if (!scale_) return gst_video_converter_frame(convert_, &from, &to);
  GstVideoFrame scaled = frame_of(scaled_, scratch_.data());
  gst_video_converter_frame(scale_, &from, &scaled);
  gst_video_converter_frame(convert_, &scaled, &to);
}

}  // namespace rollcall
