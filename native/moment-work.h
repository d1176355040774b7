#pragma once
#include <napi.h>

#include <atomic>
#include <memory>
#include <string>

#include "moment.h"

namespace rollcall {

/** What a `pictureAt` needs. */
struct MomentOrder {
  Moment moment;
  /** The decoding line. */
  std::string launch;
  int picture_side;
  /** Set when the pipeline stops. */
  std::shared_ptr<std::atomic<bool>> cancelled;
};

/** Decodes a moment on another thread; resolves to a `NativeFrame`, or null. */
Napi::Promise decode_later(Napi::Env env, MomentOrder order);

}  // namespace rollcall
