#pragma once
#include <napi.h>

#include <memory>

#include "pipeline.h"

namespace rollcall {

/** What a `picturesAt` needs. */
struct MomentOrder {
  Moment moment;
  std::shared_ptr<Pipeline> pipeline;
  int picture_side;
};

/** Decodes a moment on another thread; resolves to a `NativeFrame`, or null, for each of its pictures. */
Napi::Promise decode_later(Napi::Env env, MomentOrder order);

}  // namespace rollcall
