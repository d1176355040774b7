#pragma once
#include <napi.h>

#include <cstdint>
#include <vector>

namespace rollcall {

/** Planar RGB, as `encode_jpeg` takes it. */
struct RgbPicture {
  std::vector<uint8_t> planes;
  int width, height;
};

/** Encodes a picture on another thread. Returns a promise of the JPEG's bytes; it rejects when no encoder is installed. */
Napi::Value encode_elsewhere(Napi::Env env, RgbPicture picture, int quality);

/** A promise that rejects with this message. */
Napi::Value rejected(Napi::Env env, const char* message);

/** The quality, 1–100; 0 when it is none. */
int quality_of(const Napi::Value& given);

/** `encodeJpeg` of index.d.ts. */
Napi::Value encode_picture(const Napi::CallbackInfo& info);

}  // namespace rollcall
