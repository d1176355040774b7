#include "pipeline-object.h"

#include <cmath>
#include <stdexcept>

#include "choice.h"
#include "moment-work.h"

namespace rollcall {
namespace {

// Below, the detector sees nothing; above, the picture is no longer small.
constexpr int kMinSide = 16;
constexpr int kMaxSide = 8192;
constexpr int kMaxFps = 1000;
constexpr double kDayMs = 86'400'000, kMaxRingBytes = 1 << 30;
// People come in groups. An open decoder holds some pictures' memory, 12 MB each at 4K.
constexpr double kKeepDecoderMs = 5000;

Napi::TypeError invalid(Napi::Env env, const std::string& field, const std::string& expected) {
  return Napi::TypeError::New(env, "open: " + field + " must be " + expected);
}

bool is_given(const Napi::Value& value) { return !value.IsUndefined() && !value.IsNull(); }

/** Absent when it is not given. */
std::optional<int> fps_of(const Napi::Value& fps) {
  if (!is_given(fps)) return std::nullopt;
  return fps.IsNumber() ? fps.As<Napi::Number>().Int32Value() : 0;
}

bool is_fps(const Napi::Value& value) {
  const std::optional<int> fps = fps_of(value);
  return !fps || (*fps >= 1 && *fps <= kMaxFps);
}

StreamRules rules_of(Napi::Env env, const Napi::Object& options) {
  StreamRules rules;
  const Napi::Value fps = options.Get("maxFps");
  if (!is_fps(fps)) throw invalid(env, "maxFps", "a number from 1 to 1000");
  rules.max_fps = fps_of(fps);
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

/** A number from `least` to `most`, or `normal` when it is not given. Throws TypeError. */
double number_of(Napi::Env env, const Napi::Object& options, const char* field, double least, double most, double normal) {
  const Napi::Value value = options.Get(field);
  if (!is_given(value)) return normal;
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
  if (number >= least && number <= most) return number;
  throw invalid(env, field, "a number from " + std::to_string(static_cast<int64_t>(least)) + " to " +
                                std::to_string(static_cast<int64_t>(most)));
}

FlowLimits limits_of(Napi::Env env, const Napi::Object& options) {
  FlowLimits limits;
  limits.ring_ms = static_cast<int64_t>(number_of(env, options, "ringMs", 1, kDayMs, static_cast<double>(limits.ring_ms)));
  limits.ring_bytes = static_cast<size_t>(number_of(env, options, "ringBytes", 1, kMaxRingBytes, static_cast<double>(limits.ring_bytes)));
  limits.max_blind_ms = number_of(env, options, "maxBlindMs", 0, kDayMs, limits.max_blind_ms);
  limits.max_lag_ms = number_of(env, options, "maxLagMs", 1, kDayMs, limits.max_lag_ms);
  if (const Napi::Value policy = options.Get("policy"); is_given(policy)) {
    if (!policy_of(policy)) throw invalid(env, "policy", "'all', 'reference', 'keys' or 'none'");
    limits.policy = *policy_of(policy);
  }
  return limits;
}

}  // namespace

Napi::Function PipelineObject::define(Napi::Env env) {
  return DefineClass(env, "Pipeline",
                     {InstanceMethod<&PipelineObject::take>("take"),
                      InstanceMethod<&PipelineObject::access_units>("accessUnits"),
                      InstanceMethod<&PipelineObject::decode>("decode"),
                      InstanceMethod<&PipelineObject::doze>("doze"),
                      InstanceMethod<&PipelineObject::limit>("limit"),
                      InstanceMethod<&PipelineObject::use_hardware>("useHardware"),
                      InstanceMethod<&PipelineObject::captured>("captured"),
                      InstanceMethod<&PipelineObject::pictures_at>("picturesAt"),
                      InstanceMethod<&PipelineObject::stop>("stop"),
                      InstanceAccessor<&PipelineObject::turn>("turn"),
                      InstanceAccessor<&PipelineObject::stats>("stats")});
}

PipelineObject::PipelineObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PipelineObject>(info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) throw invalid(env, "options", "an object");
  const Napi::Object options = info[0].As<Napi::Object>();
  const Napi::Value launch = options.Get("launch"), decode = options.Get("decode"), mode = options.Get("mode"), side = options.Get("pictureSide"),
                    on_event = options.Get("onEvent");
  if (!launch.IsString()) throw invalid(env, "launch", "a string");
  if (is_given(decode) && !decode.IsString()) throw invalid(env, "decode", "a string or null");
  const std::string mode_name = mode.IsString() ? mode.As<Napi::String>().Utf8Value() : "";
  if (mode_name != "newest" && mode_name != "every") throw invalid(env, "mode", "'newest' or 'every'");
  const int pixels = side.IsNumber() ? side.As<Napi::Number>().Int32Value() : 0;
  if (pixels < kMinSide || pixels > kMaxSide) throw invalid(env, "pictureSide", "a number from 16 to 8192");
  if (!on_event.IsFunction()) throw invalid(env, "onEvent", "a function");

  picture_side_ = pixels;
  maker_ = std::make_unique<PictureMaker>(pixels);
  const double keep_ms = number_of(env, options, "keepDecoderMs", 0, kDayMs, kKeepDecoderMs);
  PipelineOptions opening{launch.As<Napi::String>().Utf8Value(), std::nullopt,
                          mode_name == "every" ? Mode::every : Mode::newest, rules_of(env, options), limits_of(env, options),
                          std::chrono::milliseconds(static_cast<int64_t>(keep_ms))};
  if (is_given(decode)) opening.decode = decode.As<Napi::String>().Utf8Value();
  try {
    link_ = Link::open(env, std::move(opening), on_event.As<Napi::Function>());
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
  link_->flow().watch(info[0].As<Napi::Boolean>());
}

void PipelineObject::decode(const Napi::CallbackInfo& info) {
  const std::optional<Policy> policy = policy_of(info[0]);
  if (!policy) throw Napi::TypeError::New(info.Env(), "decode: policy must be 'all', 'reference', 'keys' or 'none'");
  link_->flow().want(*policy);
}

void PipelineObject::doze(const Napi::CallbackInfo& info) {
  std::optional<double> max_sleep_ms;
  if (is_given(info[0])) max_sleep_ms = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : NAN;
  if (max_sleep_ms && !(*max_sleep_ms >= 1 && *max_sleep_ms <= kDayMs)) {
    throw Napi::TypeError::New(info.Env(), "doze: maxSleepMs must be a number from 1 to 86400000, or null");
  }
  const bool only_when_late = is_given(info[1]) && info[1].ToBoolean();
  link_->flow().doze(max_sleep_ms, only_when_late);
}

void PipelineObject::limit(const Napi::CallbackInfo& info) {
  if (!is_fps(info[0])) throw Napi::TypeError::New(info.Env(), "limit: maxFps must be a number from 1 to 1000, or null");
  if (is_given(info[1]) && !info[1].IsBoolean()) throw Napi::TypeError::New(info.Env(), "limit: passesLate must be a boolean");
  link_->pipeline()->limit(fps_of(info[0]), is_given(info[1]) && info[1].As<Napi::Boolean>());
}

void PipelineObject::use_hardware(const Napi::CallbackInfo& info) {
  if (!info[0].IsString()) throw Napi::TypeError::New(info.Env(), "useHardware: decode must be a string");
  link_->pipeline()->use_hardware(info[0].As<Napi::String>().Utf8Value());
}

Napi::Value PipelineObject::captured(const Napi::CallbackInfo&) { return link_->captured(); }

Napi::Value PipelineObject::pictures_at(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto expected = [&] { return Napi::TypeError::New(env, "picturesAt: ptsNs must be an array of bigints"); };
  if (!info[0].IsArray()) throw expected();
  const Napi::Array given = info[0].As<Napi::Array>();
  std::vector<GstClockTime> times;
  bool known = true;
  for (uint32_t at = 0; at < given.Length(); ++at) {
    const Napi::Value time = given.Get(at);
    if (!time.IsBigInt()) throw expected();
    bool lossless;
    const int64_t pts = time.As<Napi::BigInt>().Int64Value(&lossless);
    known = known && lossless && pts >= 0;
    times.push_back(static_cast<GstClockTime>(pts));
  }
  std::optional<Moment> moment;
  if (known) moment = link_->flow().moment_at(times);
  if (moment) return decode_later(env, {std::move(*moment), link_->pipeline(), picture_side_});
  Napi::Array none = Napi::Array::New(env, times.size());
  for (uint32_t at = 0; at < times.size(); ++at) none.Set(at, env.Null());
  const auto deferred = Napi::Promise::Deferred::New(env);
  deferred.Resolve(none);
  return deferred.Promise();
}

Napi::Value PipelineObject::turn(const Napi::CallbackInfo& info) {
  const std::optional<int> turn = link_->flow().turn();
  return turn ? Napi::Number::New(info.Env(), *turn) : info.Env().Null();
}

Napi::Value PipelineObject::stats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Stats frames = link_->queue().stats();
  const FlowStats units = link_->flow().stats();
  const auto set = [&](Napi::Object to, const char* name, std::optional<double> value) {
    to.Set(name, value ? Napi::Number::New(env, *value) : env.Null());
  };
  Napi::Object result = Napi::Object::New(env), skipped = Napi::Object::New(env), ring = Napi::Object::New(env);
  set(result, "decoded", frames.decoded);
  set(result, "taken", frames.taken);
  set(result, "dropped", frames.dropped);
  set(result, "damaged", frames.damaged);
  set(result, "sinceLastFrameMs", frames.since_last_frame_ms);
  set(result, "accessUnitsDropped", units.watcher_dropped);
  set(result, "received", units.received);
  set(result, "receivedBytes", units.received_bytes);
  set(result, "lost", link_->lost());
  set(result, "keys", units.keys);
  set(result, "keyEveryMs", units.key_every_ms);
  set(result, "sinceLastUnitMs", units.since_last_unit_ms);
  set(result, "lagMs", units.lag_ms);
  set(skipped, "behind", units.skipped.behind);
  set(skipped, "broken", units.skipped.broken);
  set(skipped, "disposable", units.skipped.disposable);
  set(skipped, "policy", units.skipped.policy);
  result.Set("skipped", skipped);
  set(ring, "units", units.ring_units);
  set(ring, "bytes", units.ring_bytes);
  set(ring, "ms", units.ring_ms);
  result.Set("ring", ring);
  result.Set("asleep", Napi::Boolean::New(env, units.is_asleep));
  result.Set("givesWay", Napi::Boolean::New(env, units.gives_way));
  return result;
}

Napi::Value PipelineObject::stop(const Napi::CallbackInfo&) {
  return link_->stop();
}

}  // namespace rollcall
