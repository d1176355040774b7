#include "colours.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace rollcall {
namespace {

// The middle of a byte; what is signed counts from there.
constexpr uint8_t kMiddle = 0x80;

/** The signed byte of a sample, as the high and the low byte of a word: 257 times its value, or 256 more when it is negative. */
int word_of(uint8_t sample) { return static_cast<int16_t>((sample ^ kMiddle) * 0x101); }

/** The high half of a product of two words. */
int part(int word, int16_t factor) { return (word * factor) >> 16; }

uint8_t byte_of(int value) { return static_cast<uint8_t>(std::clamp(value, -128, 127)) ^ kMiddle; }

/** A frame of noise; `memory` holds it. */
GstVideoFrame noise(const GstVideoInfo& info, std::vector<uint8_t>& memory) {
  memory.resize(info.size);
  uint32_t state = 1;
  for (uint8_t& byte : memory) byte = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  GstVideoFrame frame = {};
  frame.info = info;
  for (guint plane = 0; plane < GST_VIDEO_INFO_N_PLANES(&info); ++plane) {
    frame.data[plane] = memory.data() + GST_VIDEO_INFO_PLANE_OFFSET(&info, plane);
  }
  return frame;
}

}  // namespace

struct Colours::Row {
  const uint8_t *y, *u, *v;
  /** Bytes from one sample of U or V to the next. */
  int step;
  int width;
  uint8_t *red, *green, *blue;
};

std::optional<Colours> Colours::as(GstVideoConverter* converter, const GstVideoInfo& from, const GstVideoInfo& to) {
  const GstVideoFormat format = GST_VIDEO_INFO_FORMAT(&from);
  if (format != GST_VIDEO_FORMAT_I420 && format != GST_VIDEO_FORMAT_NV12) return std::nullopt;
  gdouble kr, kb;
  if (from.width % 2 || from.height % 2 || !gst_video_color_matrix_get_Kr_Kb(from.colorimetry.matrix, &kr, &kb)) return std::nullopt;
  gint offset[GST_VIDEO_MAX_COMPONENTS], scale[GST_VIDEO_MAX_COMPONENTS];
  gst_video_color_range_offsets(from.colorimetry.range, from.finfo, offset, scale);
  const double kg = 1 - kr - kb, chroma = 256 * 255.0 / scale[1];
  const auto whole = [](double value) { return static_cast<int16_t>(std::lrint(value)); };
  Colours colours;
  colours.luma_ = whole(256 * 255.0 / scale[0]);
  colours.red_v_ = whole(2 * (1 - kr) * chroma);
  colours.blue_u_ = whole(2 * (1 - kb) * chroma);
  colours.green_u_ = whole(-2 * kb * (1 - kb) / kg * chroma);
  colours.green_v_ = whole(-2 * kr * (1 - kr) / kg * chroma);
  std::vector<uint8_t> picture, theirs(to.size), own(to.size);
  GstVideoFrame source = noise(from, picture), result = noise(to, theirs);
  gst_video_converter_frame(converter, &source, &result);
  colours.convert(source, own.data());
  if (own != theirs) return std::nullopt;
  return colours;
}

void Colours::convert(const GstVideoFrame& from, uint8_t* rgb) const {
  const int width = from.info.width, height = from.info.height;
  const size_t area = static_cast<size_t>(width) * height;
  const bool is_nv12 = GST_VIDEO_INFO_FORMAT(&from.info) == GST_VIDEO_FORMAT_NV12;
  const auto line = [&](int plane, int row) {
    return static_cast<const uint8_t*>(from.data[plane]) + static_cast<ptrdiff_t>(row) * from.info.stride[plane];
  };
  for (int row = 0; row < height; ++row) {
    const uint8_t* u = line(1, row / 2);
    uint8_t* red = rgb + static_cast<size_t>(row) * width;
    convert_row({line(0, row), u, is_nv12 ? u + 1 : line(2, row / 2), is_nv12 ? 2 : 1, width, red, red + area, red + 2 * area});
  }
}

void Colours::convert_row(const Row& row) const {
  for (int x = convert_sixteens(row); x < row.width; ++x) {
    const int y = part(word_of(row.y[x]), luma_);
    const int u = word_of(row.u[x / 2 * row.step]), v = word_of(row.v[x / 2 * row.step]);
    row.red[x] = byte_of(y + part(v, red_v_));
    row.green[x] = byte_of(y + part(u, green_u_) + part(v, green_v_));
    row.blue[x] = byte_of(y + part(u, blue_u_));
  }
}

#ifdef __SSE2__
int Colours::convert_sixteens(const Row& row) const {
  const auto load = [](const uint8_t* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); };
  const auto load_half = [](const uint8_t* from) { return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)); };
  const __m128i middle = _mm_set1_epi8(static_cast<char>(kMiddle)), low = _mm_set1_epi16(0xff);
  const auto store = [&](uint8_t* to, __m128i first, __m128i second) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_xor_si128(_mm_packs_epi16(first, second), middle));
  };
  const __m128i luma = _mm_set1_epi16(luma_), red_v = _mm_set1_epi16(red_v_), blue_u = _mm_set1_epi16(blue_u_),
                green_u = _mm_set1_epi16(green_u_), green_v = _mm_set1_epi16(green_v_);
  int x = 0;
  for (; x + 16 <= row.width; x += 16) {
    __m128i u, v;
    if (row.step == 1) {
      u = load_half(row.u + x / 2);
      v = load_half(row.v + x / 2);
    } else {
      const __m128i both = load(row.u + x);
      u = _mm_packus_epi16(_mm_and_si128(both, low), middle);
      v = _mm_packus_epi16(_mm_srli_epi16(both, 8), middle);
    }
    u = _mm_xor_si128(u, middle);
    v = _mm_xor_si128(v, middle);
    u = _mm_unpacklo_epi8(u, u);
    v = _mm_unpacklo_epi8(v, v);
    const __m128i red = _mm_mulhi_epi16(v, red_v), blue = _mm_mulhi_epi16(u, blue_u);
    const __m128i green = _mm_add_epi16(_mm_mulhi_epi16(u, green_u), _mm_mulhi_epi16(v, green_v));
    const __m128i y = _mm_xor_si128(load(row.y + x), middle);
    const __m128i first = _mm_mulhi_epi16(_mm_unpacklo_epi8(y, y), luma), second = _mm_mulhi_epi16(_mm_unpackhi_epi8(y, y), luma);
    // Each sample of U and V is of two pixels.
    const auto add = [&](uint8_t* to, __m128i colour) {
      store(to, _mm_add_epi16(first, _mm_unpacklo_epi16(colour, colour)), _mm_add_epi16(second, _mm_unpackhi_epi16(colour, colour)));
    };
    add(row.red + x, red);
    add(row.green + x, green);
    add(row.blue + x, blue);
  }
  return x;
}
#else
int Colours::convert_sixteens(const Row&) const { return 0; }
#endif

}  // namespace rollcall
