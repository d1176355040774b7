#include "choice.h"

#include <algorithm>
#include <string>

#include "picture.h"
#include "picture-watch.h"
#include "size-watch.h"

namespace rollcall {
namespace {

std::optional<Reason> reason_of(const std::string& name) {
  if (name == "behind") return Reason::behind;
  if (name == "broken") return Reason::broken;
  if (name == "disposable") return Reason::disposable;
  if (name == "policy") return Reason::policy;
  return std::nullopt;
}

const char* name_of(Reason reason) {
  switch (reason) {
    case Reason::behind:
      return "behind";
    case Reason::broken:
      return "broken";
    case Reason::disposable:
      return "disposable";
    default:
      return "policy";
  }
}

const char* name_of(Choice::Action action) {
  switch (action) {
    case Choice::Action::feed:
      return "feed";
    case Choice::Action::lose:
      return "lose";
    case Choice::Action::skip:
      return "skip";
    default:
      return "jump";
  }
}

/** The fields of a situation, by the names of index.d.ts. */
class Fields {
 public:
  explicit Fields(const Napi::Object& object) : object_(object) {}
  void read(const char* name, bool& to) const {
    if (const Napi::Value value = object_.Get(name); value.IsBoolean()) to = value.As<Napi::Boolean>();
  }
  void read(const char* name, double& to) const {
    if (const Napi::Value value = object_.Get(name); value.IsNumber()) to = value.As<Napi::Number>();
  }
  template <typename Number>
  void read(const char* name, std::optional<Number>& to) const {
    const Napi::Value value = object_.Get(name);
    if (value.IsNumber()) to = static_cast<Number>(value.As<Napi::Number>().DoubleValue());
  }

 private:
  const Napi::Object& object_;
};

}  // namespace

std::optional<Policy> policy_of(const Napi::Value& value) {
  const std::string name = value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
  if (name == "all") return Policy::all;
  if (name == "reference") return Policy::reference;
  if (name == "keys") return Policy::keys;
  if (name == "none") return Policy::none;
  return std::nullopt;
}

Napi::Value choose_for_tests(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) throw Napi::TypeError::New(env, "choose: situation must be an object");
  const Napi::Object object = info[0].As<Napi::Object>();
  const Fields fields(object);
  Situation now;
  now.policy = policy_of(object.Get("policy")).value_or(Policy::all);
  now.blind_reason = reason_of(object.Get("blindReason").ToString()).value_or(Reason::broken);
  fields.read("recovery", now.recovery);
  fields.read("disposable", now.disposable);
  fields.read("leading", now.leading);
  fields.read("leftOut", now.left_out);
  fields.read("broken", now.broken);
  fields.read("lagMs", now.lag_ms);
  fields.read("isCatchingUp", now.is_catching_up);
  fields.read("isBlind", now.is_blind);
  fields.read("blindMs", now.blind_ms);
  fields.read("isConcealing", now.is_concealing);
  fields.read("beganAtKey", now.began_at_key);
  fields.read("hasKeyAhead", now.has_key_ahead);
  fields.read("keyEveryMs", now.key_every_ms);
  fields.read("sinceKeyMs", now.since_key_ms);
  fields.read("maxLagMs", now.max_lag_ms);
  fields.read("maxBlindMs", now.max_blind_ms);
  const Choice choice = choose(now);
  Napi::Object result = Napi::Object::New(env);
  result.Set("action", name_of(choice.action));
  if (choice.action == Choice::Action::feed) {
    result.Set("damaged", Napi::Boolean::New(env, choice.damaged));
  } else {
    result.Set("reason", name_of(choice.reason));
  }
  return result;
}

Napi::Value own_colours_for_tests(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Owned<GstCaps> caps(info[0].IsString() ? gst_caps_from_string(info[0].As<Napi::String>().Utf8Value().c_str()) : nullptr);
  GstVideoInfo picture;
  if (!caps || !gst_video_info_from_caps(&picture, caps.get())) {
    throw Napi::TypeError::New(env, "hasOwnColours: caps must be those of a picture");
  }
  PictureMaker maker(std::max(picture.width, picture.height));
  return Napi::Boolean::New(env, maker.prepare(picture) && maker.has_own_colours());
}

Napi::Value still_for_tests(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArray()) throw Napi::TypeError::New(env, "stillAfter: pictures must be an array");
  const Napi::Array pictures = info[0].As<Napi::Array>();
  const Napi::Array still = Napi::Array::New(env, pictures.Length());
  PictureWatch watch;
  for (uint32_t at = 0; at < pictures.Length(); ++at) {
    const Napi::Object object = pictures.Get(at).As<Napi::Object>();
    const Fields fields(object);
    double width = 0, height = 0, at_ms = 0;
    fields.read("width", width);
    fields.read("height", height);
    fields.read("atMs", at_ms);
    const Napi::Value luma = object.Get("luma");
    if (!luma.IsTypedArray() || luma.As<Napi::TypedArray>().ByteLength() != width * height) {
      throw Napi::TypeError::New(env, "stillAfter: luma must have width x height bytes");
    }
    const auto pixels = luma.As<Napi::Uint8Array>();
    const auto cells = cells_of(pixels.Data(), static_cast<int>(width), static_cast<int>(width), static_cast<int>(height));
    if (cells) watch.note(*cells, static_cast<int64_t>(at_ms * 1000));
    still.Set(at, Napi::Boolean::New(env, watch.is_still()));
  }
  return still;
}

Napi::Value calm_for_tests(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArray()) throw Napi::TypeError::New(env, "calmAfter: sizes must be an array");
  const Napi::Array sizes = info[0].As<Napi::Array>();
  const Napi::Array calm = Napi::Array::New(env, sizes.Length());
  SizeWatch watch;
  for (uint32_t at = 0; at < sizes.Length(); ++at) {
    const Napi::Object object = sizes.Get(at).As<Napi::Object>();
    const Fields fields(object);
    double bytes = 0, at_ms = 0;
    SizeWatch::Size size{};
    fields.read("key", size.key);
    fields.read("filled", size.filled);
    fields.read("bytes", bytes);
    fields.read("atMs", at_ms);
    size.bytes = static_cast<size_t>(bytes);
    size.at_us = static_cast<int64_t>(at_ms * 1000);
    watch.note(size);
    calm.Set(at, Napi::Boolean::New(env, watch.is_calm()));
  }
  return calm;
}

}  // namespace rollcall
