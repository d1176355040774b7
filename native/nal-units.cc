#include "nal-units.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace rollcall {
namespace {

constexpr uint8_t kRecoveryPoint = 6;  // SEI payload type, in both codecs (ITU-T H.274, ITU-T H.264 D.1).

/** Reads bits of a NAL unit, most significant first. Behind the end there are ones, which end every code. */
class Bits {
 public:
  /** Takes the emulation prevention bytes out (ITU-T H.264, 7.4.1). Headers are short. */
  Bits(const uint8_t* data, size_t size) {
    for (size_t at = 0; at < size && bytes_.size() < 64; ++at) {
      if (at >= 2 && data[at] == 3 && data[at - 1] == 0 && data[at - 2] == 0) continue;
      bytes_.push_back(data[at]);
    }
  }

  unsigned bit() {
    const size_t at = position_++;
    return at / 8 < bytes_.size() ? bytes_[at / 8] >> (7 - at % 8) & 1 : 1;
  }
  unsigned bits(int count) {
    unsigned value = 0;
    while (count-- > 0) value = value << 1 | bit();
    return value;
  }
  /** Exponential Golomb code, ue(v). */
  unsigned golomb() {
    int zeros = 0;
    // Longer codes stand for no number that a header may have; this many fit an int.
    while (zeros < 30 && bit() == 0) ++zeros;
    return (1u << zeros) - 1 + bits(zeros);
  }
  /** se(v). */
  int signed_golomb() {
    const auto code = static_cast<int>(golomb());
    return code % 2 ? (code + 1) / 2 : -(code / 2);
  }

 private:
  std::vector<uint8_t> bytes_;
  size_t position_ = 0;
};

/** One NAL unit without its start code. */
struct Nal {
  const uint8_t* data;
  size_t size;
};

/** Position of the next 00 00 01, or `size`. */
size_t start_code(const uint8_t* data, size_t size, size_t from) {
  for (size_t at = from; at + 3 <= size; ++at) {
    const auto* one = static_cast<const uint8_t*>(std::memchr(data + at + 2, 1, size - at - 2));
    if (!one) return size;
    at = static_cast<size_t>(one - data) - 2;
    if (data[at] == 0 && data[at + 1] == 0) return at;
  }
  return size;
}

/** Calls `look` with each NAL unit until it returns false. */
template <typename Look>
void each_nal(const GstMapInfo& map, Look look) {
  size_t at = start_code(map.data, map.size, 0);
  while (at + 3 < map.size) {
    const size_t begin = at + 3, end = start_code(map.data, map.size, begin);
    if (!look(Nal{map.data + begin, end - begin})) return;
    at = end;
  }
}

/** The payload of the recovery point message in an SEI NAL unit whose header has `header` bytes; empty when there is none. */
Nal recovery_point(const Nal& sei, size_t header) {
  size_t at = header;
  while (at + 2 < sei.size) {
    unsigned type = 0, size = 0;
    for (; at < sei.size && sei.data[at] == 0xff; ++at) type += 255;
    if (at < sei.size) type += sei.data[at++];
    for (; at < sei.size && sei.data[at] == 0xff; ++at) size += 255;
    if (at < sei.size) size += sei.data[at++];
    if (at >= sei.size) break;
    if (type == kRecoveryPoint) return {sei.data + at, sei.size - at};
    at += size;
  }
  return {nullptr, 0};
}

/** Whether the last NAL unit is filler data: bytes of ones (ITU-T H.264 and H.265, 7.3.2), whatever header comes before them. */
bool ends_filled(const GstMapInfo& map) {
  constexpr uint8_t end[] = {0xff, 0xff, 0xff, 0x80};
  return map.size >= sizeof end && std::memcmp(map.data + map.size - sizeof end, end, sizeof end) == 0;
}

void add(std::string& sets, const Nal& nal) {
  sets.append("\0\0\0\1", 4);
  sets.append(reinterpret_cast<const char*>(nal.data), nal.size);
}

ParameterSets shared(std::string sets) {
  return sets.empty() ? nullptr : std::make_shared<const std::string>(std::move(sets));
}

/** Bits of `frame_num` (ITU-T H.264, 7.3.2.1.1), or 0: see NatureReader. `set` is without its header byte. */
int frame_number_bits(Bits set) {
  const unsigned profile = set.bits(8);
  set.bits(16);
  set.golomb();
  for (unsigned high : {44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244}) {
    if (profile != high) continue;
    // With three separate colour planes slices have one more field. Scaling lists are rare, and long.
    if (set.golomb() == 3 && set.bit()) return 0;
    set.golomb();
    set.golomb();
    set.bit();
    if (set.bit()) return 0;
  }
  const unsigned bits = set.golomb() + 4;
  const unsigned order = set.golomb();
  if (order == 0) set.golomb();
  if (order == 1) {
    set.bit();
    set.golomb();
    set.golomb();
    for (unsigned left = std::min(set.golomb(), 255u); left > 0; --left) set.golomb();
  }
  set.golomb();
  set.bit();
  set.golomb();
  set.golomb();
  const bool has_frames_only = set.bit();
  return has_frames_only && bits <= 16 ? static_cast<int>(bits) : 0;
}

}  // namespace

/** ITU-T H.264, 7.3 and table 7-1. */
Nature NatureReader::nature_of_h264(const GstMapInfo& map) {
  Nature nature;
  std::optional<int> recovery;
  std::string parameters;
  each_nal(map, [&](const Nal& nal) {
    if (nal.size < 2) return true;
    const int type = nal.data[0] & 31;
    if (type == 7 || type == 8) add(parameters, nal);
    if (type == 7) frame_number_bits_ = frame_number_bits(Bits(nal.data + 1, nal.size - 1));
    if (type == 6) {
      if (const Nal point = recovery_point(nal, 1); point.size > 0) recovery = static_cast<int>(Bits(point.data, point.size).golomb());
      return true;
    }
    if (type != 1 && type != 2 && type != 5) return true;
    Bits slice(nal.data + 1, nal.size - 1);
    nature.headless = slice.golomb() != 0;
    const bool is_intra = slice.golomb() % 5 == 2;
    slice.golomb();
    if (frame_number_bits_ > 0) nature.frame_number = FrameNumber{slice.bits(frame_number_bits_), 1u << frame_number_bits_};
    nature.disposable = (nal.data[0] >> 5 & 3) == 0;
    // An I slice alone is no promise: later pictures may refer to what came before it.
    if (type == 5) nature.recovery = 0;
    else if (recovery && (*recovery > 0 || is_intra)) nature.recovery = recovery;
    if (nature.recovery) is_closed_ = type == 5;
    // Times of a network may say otherwise.
    if (is_closed_) nature.leading = false;
    return false;
  });
  nature.parameters = shared(std::move(parameters));
  return nature;
}

/** ITU-T H.265, 7.3 and table 7-1. */
Nature NatureReader::nature_of_h265(const GstMapInfo& map) {
  Nature nature;
  std::optional<int> recovery;
  std::string parameters;
  each_nal(map, [&](const Nal& nal) {
    if (nal.size < 3) return true;
    const int type = nal.data[0] >> 1 & 63, layer = (nal.data[1] & 7) - 1;
    if (type >= 32 && type <= 34) add(parameters, nal);
    if (type == 39) {
      if (const Nal point = recovery_point(nal, 2); point.size > 0) recovery = Bits(point.data, point.size).signed_golomb();
      return true;
    }
    if (type > 31) return true;
    nature.headless = (nal.data[2] & 0x80) == 0;
    highest_layer_ = std::max(highest_layer_, layer);
    // The even types up to 14 are not referred to within their own sub-layer.
    nature.disposable = type <= 14 && type % 2 == 0 && layer >= highest_layer_;
    // RADL and RASL pictures.
    nature.leading = type >= 6 && type <= 9;
    if (type >= 16 && type <= 21) nature.recovery = 0;
    else if (recovery && *recovery >= 0) nature.recovery = std::max(1, *recovery);
    return false;
  });
  nature.parameters = shared(std::move(parameters));
  return nature;
}

Nature NatureReader::read(const GstCaps* caps, GstBuffer* buffer) {
  const gchar* name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  Nature nature;
  if (!GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT)) nature.recovery = 0;
  const bool is_h264 = std::strcmp(name, "video/x-h264") == 0, is_h265 = std::strcmp(name, "video/x-h265") == 0;
  if (!is_h264 && !is_h265 && std::strcmp(name, "video/x-vp8") != 0) return nature;
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return nature;
  if (is_h264) nature = nature_of_h264(map);
  else if (is_h265) nature = nature_of_h265(map);
  // Bit 0 of the frame tag (RFC 6386, 9.1). Not every demuxer sets the flag.
  else nature.recovery = map.size > 0 && (map.data[0] & 1) == 0 ? std::optional<int>(0) : std::nullopt;
  nature.filled = (is_h264 || is_h265) && ends_filled(map);
  gst_buffer_unmap(buffer, &map);
  return nature;
}

}  // namespace rollcall
