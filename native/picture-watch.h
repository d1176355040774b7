#pragma once
#include <gst/video/video.h>

#include <array>
#include <cstdint>
#include <optional>

namespace rollcall {

/** A picture's brightness, the means of 64 × 36 cells, 0 to 255. */
struct PictureCells {
  static constexpr int kAcross = 64, kDown = 36;
  int width, height;
  std::array<float, kAcross * kDown> means;
};

/** Of a picture whose first plane is its brightness, a byte a pixel. Absent of one that has fewer pixels than cells. */
std::optional<PictureCells> cells_of(const uint8_t* luma, int stride, int width, int height);
/** Absent where the picture cannot be read, or is of another kind. */
std::optional<PictureCells> cells_of(GstSample* sample);

/**
 * Tells by a few pictures a second whether a scene is still, also where it rains, leaves move and a sensor has noise: each cell learns
 * what it is on the average, and how far it is from that. A picture has changed when five cells that hang together are further from
 * it than by three levels and than by six times their usual distance (drops of rain are here and there), or an eighth of all are
 * usually more than three levels away, as of a camera that moves. So it is still while none has changed for four seconds and eight
 * pictures. The light may wane or rise everywhere at once.
 */
class PictureWatch {
 public:
  /** `at_us`: when it was received, microseconds of a monotonic clock. */
  void note(const PictureCells& picture, int64_t at_us);
  bool is_still() const { return is_still_; }

 private:
  bool has_changed(const PictureCells& picture);

  std::optional<PictureCells> usual_;
  std::array<float, PictureCells::kAcross * PictureCells::kDown> distances_{};
  int64_t since_us_ = 0;
  /** Since then. */
  int looks_ = 0;
  bool is_still_ = false;
};

}  // namespace rollcall
