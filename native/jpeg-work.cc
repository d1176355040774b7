#include "jpeg-work.h"

#include <algorithm>
#include <utility>

#include "jpeg.h"

namespace rollcall {
namespace {

constexpr int most_side = 8192;

class JpegWork : public Napi::AsyncWorker {
 public:
  JpegWork(Napi::Env env, RgbPicture picture, int quality)
      : Napi::AsyncWorker(env, "rollcall.encodeJpeg"),
        done_(Napi::Promise::Deferred::New(env)),
        picture_(std::move(picture)),
        quality_(quality) {}
  Napi::Promise promise() const { return done_.Promise(); }

 private:
  void Execute() override { jpeg_ = encode_jpeg(picture_.planes, picture_.width, picture_.height, quality_); }
  void OnOK() override {
    Napi::Uint8Array bytes = Napi::Uint8Array::New(Env(), jpeg_.size());
    std::copy(jpeg_.begin(), jpeg_.end(), bytes.Data());
    done_.Resolve(bytes);
  }
  void OnError(const Napi::Error& error) override { done_.Reject(error.Value()); }

  Napi::Promise::Deferred done_;
  /** A copy: whose pixels it was may be gone before the encoding begins. */
  const RgbPicture picture_;
  std::vector<uint8_t> jpeg_;
  const int quality_;
};

int side_of(const Napi::Object& picture, const char* name) {
  const Napi::Value side = picture.Get(name);
  const double pixels = side.IsNumber() ? side.As<Napi::Number>().DoubleValue() : 0;
  return pixels >= 1 && pixels <= most_side ? static_cast<int>(pixels) : 0;
}

bool is_bytes(const Napi::Value& value) {
  return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
}

}  // namespace

Napi::Value encode_elsewhere(Napi::Env env, RgbPicture picture, int quality) {
  auto* work = new JpegWork(env, std::move(picture), quality);
  work->Queue();
  return work->promise();
}

Napi::Value rejected(Napi::Env env, const char* message) {
  const auto deferred = Napi::Promise::Deferred::New(env);
  deferred.Reject(Napi::Error::New(env, message).Value());
  return deferred.Promise();
}

int quality_of(const Napi::Value& given) {
  const int quality = given.IsNumber() ? given.As<Napi::Number>().Int32Value() : 0;
  return quality >= 1 && quality <= 100 ? quality : 0;
}

Napi::Value encode_picture(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const int quality = quality_of(info[1]);
  if (quality == 0) return rejected(env, "encodeJpeg: quality must be a number from 1 to 100");
  if (!info[0].IsObject()) return rejected(env, "encodeJpeg: picture must be an object");
  const Napi::Object picture = info[0].As<Napi::Object>();
  const int width = side_of(picture, "width"), height = side_of(picture, "height");
  const Napi::Value data = picture.Get("data");
  const size_t bytes = static_cast<size_t>(3) * width * height;
  if (bytes == 0 || !is_bytes(data) || data.As<Napi::Uint8Array>().ByteLength() != bytes) {
    return rejected(env, "encodeJpeg: picture must have 3 · width · height bytes");
  }
  const Napi::Uint8Array planes = data.As<Napi::Uint8Array>();
  return encode_elsewhere(env, {{planes.Data(), planes.Data() + bytes}, width, height}, quality);
}

}  // namespace rollcall
