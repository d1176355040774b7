#include "pipeline-object.h"

#include <stdexcept>

namespace rollcall {
namespace {

// Below, the detector sees nothing; above, the picture is no longer small.
constexpr int kMinSide = 16;
constexpr int kMaxSide = 8192;
constexpr int kMaxFps = 1000;

Napi::TypeError invalid(Napi::Env env, const std::string& field, const std::string& expected) {
  return Napi::TypeError::New(env, "open: " + field + " must be " + expected);
}

bool is_given(const Napi::Value& value) { return !value.IsUndefined() && !value.IsNull(); }

StreamRules rules_of(Napi::Env env, const Napi::Object& options) {
  StreamRules rules;
  if (const Napi::Value fps = options.Get("maxFps"); is_given(fps)) {
    rules.max_fps = fps.IsNumber() ? fps.As<Napi::Number>().Int32Value() : 0;
    if (*rules.max_fps < 1 || *rules.max_fps > kMaxFps) throw invalid(env, "maxFps", "a number from 1 to 1000");
  }
  if (const Napi::Value pixels = options.Get("maxPixels"); is_given(pixels)) {
    const int64_t number = pixels.IsNumber() ? pixels.As<Napi::Number>().Int64Value() : 0;
    if (number < 1) throw invalid(env, "maxPixels", "a positive number");
    rules.max_pixels = number;
  }
  if (const Napi::Value allowed = options.Get("allowed"); is_given(allowed)) {
    if (!allowed.IsArray()) throw invalid(env, "allowed", "an array of element names");
    const Napi::Array names = allowed.As<Napi::Array>();
    rules.allowed.emplace();
    for (uint32_t index = 0; index < names.Length(); ++index) rules.allowed->push_back(names.Get(index).ToString());
  }
  return rules;
}

}  // namespace

Napi::Function PipelineObject::define(Napi::Env env) {
  return DefineClass(env, "Pipeline",
                     {InstanceMethod<&PipelineObject::take>("take"),
                      InstanceMethod<&PipelineObject::access_units>("accessUnits"),
                      InstanceMethod<&PipelineObject::stop>("stop"),
                      InstanceAccessor<&PipelineObject::stats>("stats")});
}

PipelineObject::PipelineObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PipelineObject>(info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) throw invalid(env, "options", "an object");
  const Napi::Object options = info[0].As<Napi::Object>();
  const Napi::Value launch = options.Get("launch"), mode = options.Get("mode"), side = options.Get("pictureSide"),
                    on_event = options.Get("onEvent");
  if (!launch.IsString()) throw invalid(env, "launch", "a string");
  const std::string mode_name = mode.IsString() ? mode.As<Napi::String>().Utf8Value() : "";
  if (mode_name != "newest" && mode_name != "every") throw invalid(env, "mode", "'newest' or 'every'");
  const int pixels = side.IsNumber() ? side.As<Napi::Number>().Int32Value() : 0;
  if (pixels < kMinSide || pixels > kMaxSide) throw invalid(env, "pictureSide", "a number from 16 to 8192");
  if (!on_event.IsFunction()) throw invalid(env, "onEvent", "a function");

  maker_ = std::make_unique<PictureMaker>(pixels);
  try {
    link_ = Link::open(env, launch.As<Napi::String>().Utf8Value(), mode_name == "every" ? Mode::every : Mode::newest,
                       rules_of(env, options), on_event.As<Napi::Function>());
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw Napi::Error::New(env, error.what());
  }
}

PipelineObject::~PipelineObject() {
  if (link_) link_->request_stop();
}

Napi::Value PipelineObject::take(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  bool more = false;
  const std::optional<Frame> frame = link_->queue().take(&more);
  if (more) link_->schedule();
  if (!frame) return env.Null();
  GstCaps* caps = gst_sample_get_caps(frame->sample.get());
  if (caps != caps_.get()) {
    if (!caps || !gst_video_info_from_caps(&video_, caps)) throw Napi::Error::New(env, "take: frame without a format");
    caps_.reset(gst_caps_ref(caps));
  }
  if (!maker_->prepare(video_)) throw Napi::Error::New(env, "take: GStreamer cannot scale this format");
  std::shared_ptr<FramePixels> pixels;
  try {
    pixels = std::make_shared<FramePixels>(gst_sample_get_buffer(frame->sample.get()), video_, *maker_, pool_);
  } catch (const std::bad_alloc&) {
    throw Napi::Error::New(env, "take: there is no memory for the picture");
  }
  if (!pixels->mapped()) throw Napi::Error::New(env, "take: the decoder's memory cannot be mapped");
  return FrameObject::create(env.GetInstanceData<Environment>()->frame_class, *frame, std::move(pixels));
}

void PipelineObject::access_units(const Napi::CallbackInfo& info) {
  if (!info[0].IsBoolean()) throw Napi::TypeError::New(info.Env(), "accessUnits: on must be a boolean");
  link_->queue().enable_units(info[0].As<Napi::Boolean>());
}

Napi::Value PipelineObject::stats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Stats stats = link_->queue().stats();
  const auto number = [&](uint64_t count) { return Napi::Number::New(env, static_cast<double>(count)); };
  Napi::Object result = Napi::Object::New(env);
  result.Set("decoded", number(stats.decoded));
  result.Set("taken", number(stats.taken));
  result.Set("dropped", number(stats.dropped));
  result.Set("accessUnitsDropped", number(stats.units_dropped));
  result.Set("sinceLastFrameMs",
             stats.since_last_frame_ms ? Napi::Number::New(env, *stats.since_last_frame_ms) : env.Null());
  return result;
}

Napi::Value PipelineObject::stop(const Napi::CallbackInfo&) { return link_->stop(); }

}  // namespace rollcall
