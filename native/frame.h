#pragma once
#include <napi.h>

#include <memory>
#include <vector>

#include "event-queue.h"
#include "picture.h"

namespace rollcall {

/** A mapped decoder buffer and the picture made from it, given back by `release()` or with the last reference. */
class FramePixels {
 public:
  FramePixels(GstBuffer* buffer, const GstVideoInfo& info, PictureMaker& maker, std::shared_ptr<PicturePool> pool);
  ~FramePixels() { release(); }
  FramePixels(const FramePixels&) = delete;
  FramePixels& operator=(const FramePixels&) = delete;
  void release();

  bool mapped() const { return mapped_; }
  const GstVideoFrame& full() const { return full_; }
  Size picture_size() const { return size_; }
  uint8_t* picture() const { return picture_.get(); }
  size_t picture_bytes() const { return static_cast<size_t>(size_.width) * size_.height * 3; }

 private:
  bool mapped_ = false;
  GstVideoFrame full_ = {};
  Size size_ = {};
  PicturePool::Block picture_;
  std::shared_ptr<PicturePool> pool_;
};

/** `NativeFrame` of index.d.ts. */
class FrameObject : public Napi::ObjectWrap<FrameObject> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(const Napi::FunctionReference& constructor, const Frame& frame,
                             std::shared_ptr<FramePixels> pixels);
  explicit FrameObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value encode_jpeg(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  Napi::Value share(Napi::Env env, void* data, size_t bytes);

  std::shared_ptr<FramePixels> pixels_;
  std::vector<Napi::Reference<Napi::ArrayBuffer>> shared_;
};

}  // namespace rollcall
