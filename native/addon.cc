#include <gst/base/gsttypefindhelper.h>
#include <gst/gst.h>
#include <malloc.h>
#include <napi.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

#include "choice.h"
#include "encoder-object.h"
#include "jpeg-work.h"
#include "pipeline-object.h"

namespace rollcall {
namespace {

/** `inspect` of index.d.ts. */
Napi::Value inspect(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArray()) throw Napi::TypeError::New(env, "inspect: elements must be an array of names");
  const Napi::Array names = info[0].As<Napi::Array>();
  Napi::Object elements = Napi::Object::New(env);
  for (uint32_t index = 0; index < names.Length(); ++index) {
    const std::string name = names.Get(index).ToString();
    GstElement* element = gst_element_factory_make(name.c_str(), nullptr);
    elements.Set(name, Napi::Boolean::New(env, element != nullptr));
    if (element) Owned<GstElement>(GST_ELEMENT(gst_object_ref_sink(element)));
  }
  guint major, minor, micro, nano;
  gst_version(&major, &minor, &micro, &nano);
  Napi::Object result = Napi::Object::New(env);
  result.Set("version", std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(micro));
  result.Set("elements", elements);
  return result;
}

/** `hardwareDecoders` of index.d.ts. */
Napi::Value hardware_decoders(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Owned<GstCaps> caps(info[0].IsString() ? gst_caps_from_string(info[0].As<Napi::String>().Utf8Value().c_str()) : nullptr);
  if (!caps) throw Napi::TypeError::New(env, "hardwareDecoders: caps must be GStreamer caps");
  constexpr auto decoders = GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO;
  // Sorted by rank.
  GList* factories = gst_element_factory_list_get_elements(decoders, GST_RANK_NONE);
  Napi::Array names = Napi::Array::New(env);
  for (GList* each = factories; each; each = each->next) {
    auto* factory = GST_ELEMENT_FACTORY(each->data);
    if (!gst_element_factory_list_is_type(factory, GST_ELEMENT_FACTORY_TYPE_HARDWARE)) continue;
    if (!gst_element_factory_can_sink_any_caps(factory, caps.get())) continue;
    names.Set(names.Length(), Napi::String::New(env, gst_plugin_feature_get_name(GST_PLUGIN_FEATURE(factory))));
  }
  gst_plugin_feature_list_free(factories);
  return names;
}

/** `typeOf` of index.d.ts. */
Napi::Value type_of(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw Napi::TypeError::New(env, "typeOf: head must be a Uint8Array");
  }
  const Napi::Uint8Array head = info[0].As<Napi::Uint8Array>();
  if (head.ByteLength() == 0) return env.Null();
  const Owned<GstCaps> caps(gst_type_find_helper_for_data(nullptr, head.Data(), head.ByteLength(), nullptr));
  if (!caps) return env.Null();
  const Owned<gchar> text(gst_caps_to_string(caps.get()));
  return Napi::String::New(env, text.get());
}

Napi::Value open(const Napi::CallbackInfo& info) {
  return info.Env().GetInstanceData<Environment>()->pipeline_class.New({info[0]});
}

Napi::Value open_encoder(const Napi::CallbackInfo& info) {
  return info.Env().GetInstanceData<Environment>()->encoder_class.New({info[0]});
}

/** Called from the `exit` listener: process.exit() runs no environment clean-up, and would tear down beneath threads. */
void stop_all(const Napi::CallbackInfo& info) { info.Env().GetInstanceData<Environment>()->stop_all(); }

/**
 * GLib warns three times of a user without a home, as containers have them: a user ID without a name, and no HOME. There
 * is nothing to say: GStreamer only looks for its plugins again at each start. Where GLib found the home is kept.
 */
void start_gstreamer(std::string& failure) {
  bool is_homeless = getenv("HOME") == nullptr && getpwuid(getuid()) == nullptr;
  if (is_homeless) setenv("HOME", "/nonexistent", 1);
  g_get_home_dir();
  GError* raw = nullptr;
  if (!gst_init_check(nullptr, nullptr, &raw)) failure = raw ? raw->message : "unknown";
  g_clear_error(&raw);
  if (is_homeless) unsetenv("HOME");
}

/**
 * glibc gives up to eight heaps a core to new threads, and each keeps what was freed in it. Every connection has threads of
 * its own, so that hundreds of reconnects would spread what they free over all heaps: 20 KiB a reconnect. Heaps that exist
 * stay. MALLOC_ARENA_MAX has the last word.
 */
void share_heaps() {
#ifdef __GLIBC__
  if (getenv("MALLOC_ARENA_MAX")) return;
  mallopt(M_ARENA_MAX, std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 8));
#endif
}

Napi::Object start(Napi::Env env, Napi::Object exports) {
  static std::once_flag once;
  std::string failure;
  std::call_once(once, [&] {
    share_heaps();
    start_gstreamer(failure);
  });
  if (!failure.empty()) throw Napi::Error::New(env, "GStreamer does not start: " + failure);

  auto* environment = new Environment;
  environment->pipeline_class = Napi::Persistent(PipelineObject::define(env));
  environment->encoder_class = Napi::Persistent(EncoderObject::define(env));
  environment->frame_class = Napi::Persistent(FrameObject::define(env));
  // Taken once: tests replace the global one by a simulated clock's.
  environment->set_immediate = Napi::Persistent(env.Global().Get("setImmediate").As<Napi::Function>());
  env.SetInstanceData(environment);

  exports.Set("inspect", Napi::Function::New(env, inspect, "inspect"));
  exports.Set("hardwareDecoders", Napi::Function::New(env, hardware_decoders, "hardwareDecoders"));
  exports.Set("typeOf", Napi::Function::New(env, type_of, "typeOf"));
  exports.Set("open", Napi::Function::New(env, open, "open"));
  exports.Set("encodeJpeg", Napi::Function::New(env, encode_picture, "encodeJpeg"));
  exports.Set("openEncoder", Napi::Function::New(env, open_encoder, "openEncoder"));
  exports.Set("choose", Napi::Function::New(env, choose_for_tests, "choose"));
  exports.Set("hasOwnColours", Napi::Function::New(env, own_colours_for_tests, "hasOwnColours"));
  exports.Set("calmAfter", Napi::Function::New(env, calm_for_tests, "calmAfter"));
  exports.Set("stillAfter", Napi::Function::New(env, still_for_tests, "stillAfter"));
  exports.Set("stopAll", Napi::Function::New(env, stop_all, "stopAll"));
  return exports;
}

}  // namespace
}  // namespace rollcall

static Napi::Object rollcall_start(Napi::Env env, Napi::Object exports) { return rollcall::start(env, exports); }
NODE_API_MODULE(rollcall_native, rollcall_start)
