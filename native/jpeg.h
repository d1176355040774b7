#pragma once
#include <cstdint>
#include <vector>

namespace rollcall {

/** Encodes planar RGB (all of R, then G, then B: 3 · height · width bytes) on the calling thread; throws std::runtime_error. Quality 1–100. */
std::vector<uint8_t> encode_jpeg(const std::vector<uint8_t>& rgb, int width, int height, int quality);

}  // namespace rollcall
