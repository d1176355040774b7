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

/** Makes the detector's picture: decoded I420 or NV12 in, small packed RGB without row padding out. */
class PictureMaker {
 public:
  explicit PictureMaker(int side) : side_(side) {}
  ~PictureMaker();
  PictureMaker(const PictureMaker&) = delete;
  PictureMaker& operator=(const PictureMaker&) = delete;

  /** Prepares for frames of this kind; cheap when nothing changed. False when GStreamer cannot convert them. */
  bool prepare(const GstVideoInfo& info);
  Size size() const { return size_; }
  size_t bytes() const { return static_cast<size_t>(size_.width) * size_.height * 3; }
  void make(const GstVideoFrame& from, uint8_t* rgb);

 private:
  const int side_;
  GstVideoInfo from_ = {}, scaled_ = {}, rgb_ = {};
  Size size_ = {};
  std::vector<uint8_t> scratch_;
  GstVideoConverter* scale_ = nullptr;
  GstVideoConverter* convert_ = nullptr;
};

}  // namespace rollcall
