#pragma once
#include <gst/video/video.h>

#include <memory>
#include <vector>

#include "owned.h"

namespace rollcall {

struct Size {
  int width, height;
  bool operator==(const Size& other) const { return width == other.width && height == other.height; }
};

/** The largest even size with the aspect of `full` inside `side` × `side` that enlarges nothing; at least 2 × 2. */
Size fit(Size full, int side);

/** Recycles the memory of pictures that have one size. JavaScript's thread only, so it needs no lock. */
class PicturePool {
 public:
  using Block = std::unique_ptr<uint8_t[]>;
  Block take(size_t bytes);
  void give_back(Block block, size_t bytes);

 private:
  size_t bytes_ = 0;
  std::vector<Block> free_;
};

/**
 * Makes the detector's picture: decoded I420 or NV12 in, small planar RGB (R, G, B) without padding out.
 *
 * Scales first and converts last; while the picture is at most half as large, halves exactly, because GStreamer has a
 * fast path for that. CPU ms on one Zen 4 core, I420, best of five, into 640 × 360: 1080p 0.9 (in one scaling step 2.4,
 * in one converter 5.6), 720p 0.5 (3.0); 640 × 480 unscaled 0.6. NV12: 1.1, 0.6, 0.5.
 */
class PictureMaker {
 public:
  explicit PictureMaker(int side) : side_(side) {}
  PictureMaker(const PictureMaker&) = delete;
  PictureMaker& operator=(const PictureMaker&) = delete;

  /** Prepares for frames of this kind; cheap when nothing changed. False when GStreamer cannot convert them. */
  bool prepare(const GstVideoInfo& info);
  Size size() const { return size_; }
  void make(const GstVideoFrame& from, uint8_t* rgb);

 private:
  struct Step {
    std::unique_ptr<GstVideoConverter, decltype(&gst_video_converter_free)> converter;
    GstVideoInfo to;
    /** Empty in the last step, which writes into the caller's memory. */
    std::vector<uint8_t> memory;
  };
  /** False when GStreamer cannot convert so. */
  bool add(const GstVideoInfo& from, GstVideoFormat format, Size size);

  const int side_;
  GstVideoInfo from_ = {};
  Size size_ = {};
  std::vector<Step> steps_;
};

}  // namespace rollcall
