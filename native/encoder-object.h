#pragma once
#include <napi.h>

#include <memory>

#include "encoder.h"

namespace rollcall {

/** `Encoder` of index.d.ts. */
class EncoderObject : public Napi::ObjectWrap<EncoderObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit EncoderObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value push(const Napi::CallbackInfo& info);
  Napi::Value end(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  std::shared_ptr<Encoder> encoder_;
};

}  // namespace rollcall
