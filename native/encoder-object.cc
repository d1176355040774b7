#include "encoder-object.h"

#include <functional>
#include <stdexcept>
#include <utility>

#include "jpeg-work.h"

namespace rollcall {
namespace {

/** A step of an encoder on another thread; an exception rejects its promise. */
class EncoderWork : public Napi::AsyncWorker {
 public:
  EncoderWork(Napi::Env env, std::function<void()> step)
      : Napi::AsyncWorker(env, "rollcall.encoder"), done_(Napi::Promise::Deferred::New(env)), step_(std::move(step)) {}
  Napi::Promise promise() const { return done_.Promise(); }

 private:
  void Execute() override { step_(); }
  void OnOK() override { done_.Resolve(Env().Undefined()); }
  void OnError(const Napi::Error& error) override { done_.Reject(error.Value()); }

  Napi::Promise::Deferred done_;
  std::function<void()> step_;
};

Napi::Value later(Napi::Env env, std::function<void()> step) {
  auto* work = new EncoderWork(env, std::move(step));
  work->Queue();
  return work->promise();
}

/** Nanoseconds; GST_CLOCK_TIME_NONE when it is no time. */
GstClockTime time_of(const Napi::Value& value) {
  if (!value.IsBigInt()) return GST_CLOCK_TIME_NONE;
  bool lossless;
  const int64_t ns = value.As<Napi::BigInt>().Int64Value(&lossless);
  return lossless && ns >= 0 ? static_cast<GstClockTime>(ns) : GST_CLOCK_TIME_NONE;
}

/** Y, U and V without padding, which caps alone would promise. */
bool lay_out(GstVideoInfo& info, const std::string& caps) {
  const Owned<GstCaps> parsed(gst_caps_from_string(caps.c_str()));
  if (!parsed || !gst_video_info_from_caps(&info, parsed.get())) return false;
  if (GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_I420) return false;
  const gsize luma = static_cast<gsize>(info.width) * info.height;
  const int half = (info.width + 1) / 2;
  info.stride[0] = info.width;
  info.stride[1] = info.stride[2] = half;
  info.offset[1] = luma;
  info.offset[2] = luma + static_cast<gsize>(half) * ((info.height + 1) / 2);
  info.size = 2 * info.offset[2] - luma;
  return true;
}

}  // namespace

Napi::Function EncoderObject::define(Napi::Env env) {
  return DefineClass(env, "Encoder",
                     {InstanceMethod<&EncoderObject::push>("push"), InstanceMethod<&EncoderObject::end>("end"),
                      InstanceMethod<&EncoderObject::close>("close")});
}

EncoderObject::EncoderObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EncoderObject>(info) {
  if (!info[0].IsString()) throw Napi::TypeError::New(info.Env(), "openEncoder: launch must be a string");
  try {
    encoder_ = std::make_shared<Encoder>(info[0].As<Napi::String>().Utf8Value());
  } catch (const std::runtime_error& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

Napi::Value EncoderObject::push(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array || !info[1].IsString()) {
    return rejected(env, "push: expected a Uint8Array and caps");
  }
  const Napi::Uint8Array data = info[0].As<Napi::Uint8Array>();
  const std::string caps = info[1].As<Napi::String>().Utf8Value();
  const GstClockTime pts = time_of(info[2]), duration = time_of(info[3]);
  if (pts == GST_CLOCK_TIME_NONE || duration == GST_CLOCK_TIME_NONE) return rejected(env, "push: times must be bigints from 0 on");
  GstVideoInfo video;
  if (!lay_out(video, caps)) return rejected(env, "push: caps must be video/x-raw, format=I420");
  if (data.ByteLength() != video.size) return rejected(env, "push: the picture has not as many bytes as its caps say");
  GstBuffer* buffer = gst_buffer_new_memdup(data.Data(), data.ByteLength());
  GST_BUFFER_PTS(buffer) = pts;
  GST_BUFFER_DURATION(buffer) = duration;
  gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, video.width, video.height, 3,
                                 video.offset, video.stride);
  // std::function is copied, so the buffer is held by something that can be.
  const auto held = std::make_shared<Owned<GstBuffer>>(buffer);
  return later(env, [encoder = encoder_, held, caps] { encoder->give(std::move(*held), caps); });
}

Napi::Value EncoderObject::end(const Napi::CallbackInfo& info) {
  return later(info.Env(), [encoder = encoder_] { encoder->finish(); });
}

Napi::Value EncoderObject::close(const Napi::CallbackInfo& info) {
  return later(info.Env(), [encoder = encoder_] { encoder->stop(); });
}

}  // namespace rollcall
