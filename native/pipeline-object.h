#pragma once
#include "frame.h"
#include "link.h"

namespace rollcall {

/** `Pipeline` of index.d.ts. */
class PipelineObject : public Napi::ObjectWrap<PipelineObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit PipelineObject(const Napi::CallbackInfo& info);
  ~PipelineObject() override;

 private:
  Napi::Value take(const Napi::CallbackInfo& info);
  void access_units(const Napi::CallbackInfo& info);
  void decode(const Napi::CallbackInfo& info);
  void doze(const Napi::CallbackInfo& info);
  void limit(const Napi::CallbackInfo& info);
  void use_hardware(const Napi::CallbackInfo& info);
  Napi::Value captured(const Napi::CallbackInfo& info);
  Napi::Value pictures_at(const Napi::CallbackInfo& info);
  Napi::Value turn(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value stop(const Napi::CallbackInfo& info);

  std::shared_ptr<Link> link_;
  std::unique_ptr<PictureMaker> maker_;
  int picture_side_ = 0;
  std::shared_ptr<PicturePool> pool_ = std::make_shared<PicturePool>();
  GstVideoInfo video_ = {};
  Owned<GstCaps> caps_;
};

}  // namespace rollcall
