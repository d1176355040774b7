#include "picture-watch.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rollcall {
namespace {

constexpr float kLeastLevels = 3, kTimesUsual = 6, kLearned = 1.0f / 8;
constexpr int kMostTogether = 4, kLooks = 8;
// What moves so much hides somebody.
constexpr float kRestlessLevels = 3;
constexpr int kMostRestless = PictureCells::kAcross * PictureCells::kDown / 8;
constexpr int64_t kStillUs = 4'000'000;

using Marks = std::array<bool, PictureCells::kAcross * PictureCells::kDown>;

/** How many marked cells hang together with this one, side by side or one above the other. Takes their marks off. */
int together(Marks& marks, int cell) {
  constexpr int kAcross = PictureCells::kAcross, kAll = kAcross * PictureCells::kDown;
  if (!std::exchange(marks[cell], false)) return 0;
  int count = 1;
  if (cell % kAcross > 0) count += together(marks, cell - 1);
  if (cell % kAcross < kAcross - 1) count += together(marks, cell + 1);
  if (cell >= kAcross) count += together(marks, cell - kAcross);
  if (cell + kAcross < kAll) count += together(marks, cell + kAcross);
  return count;
}

}  // namespace

std::optional<PictureCells> cells_of(const uint8_t* luma, int stride, int width, int height) {
  constexpr int kAcross = PictureCells::kAcross, kDown = PictureCells::kDown;
  if (width < kAcross || height < kDown) return std::nullopt;
  PictureCells cells{width, height, {}};
  for (int down = 0; down < kDown; ++down) {
    const int top = height * down / kDown, bottom = height * (down + 1) / kDown;
    std::array<uint32_t, kAcross> sums{};
    for (int y = top; y < bottom; ++y) {
      const uint8_t* row = luma + static_cast<ptrdiff_t>(y) * stride;
      for (int across = 0; across < kAcross; ++across) {
        const int right = width * (across + 1) / kAcross;
        uint32_t sum = 0;
        for (int x = width * across / kAcross; x < right; ++x) sum += row[x];
        sums[across] += sum;
      }
    }
    for (int across = 0; across < kAcross; ++across) {
      const int columns = width * (across + 1) / kAcross - width * across / kAcross;
      cells.means[down * kAcross + across] = static_cast<float>(sums[across]) / static_cast<float>((bottom - top) * columns);
    }
  }
  return cells;
}

std::optional<PictureCells> cells_of(GstSample* sample) {
  GstVideoInfo info;
  GstVideoFrame frame;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample))) return std::nullopt;
  const GstVideoFormat format = GST_VIDEO_INFO_FORMAT(&info);
  if (format != GST_VIDEO_FORMAT_I420 && format != GST_VIDEO_FORMAT_NV12) return std::nullopt;
  if (!gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ)) return std::nullopt;
  auto cells = cells_of(static_cast<const uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0)), GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0),
                        GST_VIDEO_FRAME_WIDTH(&frame), GST_VIDEO_FRAME_HEIGHT(&frame));
  gst_video_frame_unmap(&frame);
  return cells;
}

void PictureWatch::note(const PictureCells& picture, int64_t at_us) {
  const bool is_other = !usual_ || usual_->width != picture.width || usual_->height != picture.height;
  if (is_other) {
    usual_ = picture;
    distances_.fill(0);
  }
  if (is_other || has_changed(picture)) {
    since_us_ = at_us;
    looks_ = 0;
  } else {
    ++looks_;
  }
  is_still_ = looks_ >= kLooks && at_us - since_us_ >= kStillUs;
}

/** And learns it. */
bool PictureWatch::has_changed(const PictureCells& picture) {
  auto& usual = usual_->means;
  decltype(distances_) away;
  for (size_t i = 0; i < away.size(); ++i) away[i] = picture.means[i] - usual[i];
  auto sorted = away;
  const auto middle = sorted.begin() + sorted.size() / 2;
  std::nth_element(sorted.begin(), middle, sorted.end());
  const float light = *middle;
  Marks changed;
  int restless = 0, most = 0;
  for (size_t i = 0; i < away.size(); ++i) {
    const float distance = std::abs(away[i] - light);
    changed[i] = distance > std::max(kLeastLevels, kTimesUsual * distances_[i]);
    usual[i] += kLearned * away[i];
    distances_[i] += kLearned * (distance - distances_[i]);
    if (distances_[i] > kRestlessLevels) ++restless;
  }
  for (size_t i = 0; i < changed.size(); ++i) most = std::max(most, together(changed, static_cast<int>(i)));
  return most > kMostTogether || restless > kMostRestless;
}

}  // namespace rollcall
