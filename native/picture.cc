#include "picture.h"

#include <algorithm>
#include <cmath>

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

/** Linear with as many taps as the ratio needs, so that small faces do not alias. */
GstStructure* options() {
  return gst_structure_new("options", GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD, GST_TYPE_VIDEO_RESAMPLER_METHOD,
                           GST_VIDEO_RESAMPLER_METHOD_LINEAR, GST_VIDEO_CONVERTER_OPT_CHROMA_MODE,
                           GST_TYPE_VIDEO_CHROMA_MODE, GST_VIDEO_CHROMA_MODE_NONE,
                           GST_VIDEO_CONVERTER_OPT_DITHER_METHOD, GST_TYPE_VIDEO_DITHER_METHOD, GST_VIDEO_DITHER_NONE,
                           nullptr);
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

bool PictureMaker::add(const GstVideoInfo& from, GstVideoFormat format, Size size) {
  GstVideoInfo to;
  if (!gst_video_info_set_format(&to, format, size.width, size.height)) return false;
  if (format == GST_VIDEO_FORMAT_GBR) {
    // GStreamer counts the planes as G, B, R; in memory they follow each other as R, G, B.
    const gsize area = static_cast<gsize>(size.width) * size.height;
    for (const int plane : {0, 1, 2}) {
      to.stride[plane] = size.width;
      to.offset[plane] = (plane + 1) % 3 * area;
    }
    to.size = 3 * area;
  } else {
    to.colorimetry = from.colorimetry;
    to.chroma_site = from.chroma_site;
  }
  GstVideoConverter* converter = gst_video_converter_new(&from, &to, options());
  steps_.push_back({{converter, gst_video_converter_free}, to, {}});
  if (format != GST_VIDEO_FORMAT_GBR) steps_.back().memory.resize(to.size);
  return converter != nullptr;
}

bool PictureMaker::prepare(const GstVideoInfo& info) {
  if (!steps_.empty() && gst_video_info_is_equal(&info, &from_)) return true;
  steps_.clear();
  from_ = info;
  size_ = fit({info.width, info.height}, side_);
  // GStreamer refuses to convert between different rates or interlacings; neither matters to one picture.
  GstVideoInfo now = info;
  now.fps_n = 0;
  now.fps_d = 1;
  now.interlace_mode = GST_VIDEO_INTERLACE_MODE_PROGRESSIVE;
  bool complete = true;
  while (complete && !(size_ == Size{now.width, now.height})) {
    const Size half = {now.width / 2, now.height / 2};
    const bool halves = now.width % 2 == 0 && now.height % 2 == 0 && half.width >= size_.width &&
                        half.height >= size_.height;
    complete = add(now, GST_VIDEO_INFO_FORMAT(&info), halves ? half : size_);
    if (complete) now = steps_.back().to;
  }
  complete = complete && add(now, GST_VIDEO_FORMAT_GBR, size_);
  if (!complete) {
    steps_.clear();
    return false;
  }
  colours_ = Colours::as(steps_.back().converter.get(), now, steps_.back().to);
  return true;
}

void PictureMaker::make(const GstVideoFrame& from, uint8_t* rgb) {
  GstVideoFrame frame = from;
  for (Step& step : steps_) {
    if (step.memory.empty() && colours_) return colours_->convert(frame, rgb);
    GstVideoFrame to = frame_of(step.to, step.memory.empty() ? rgb : step.memory.data());
    gst_video_converter_frame(step.converter.get(), &frame, &to);
    frame = to;
  }
}

}  // namespace rollcall
