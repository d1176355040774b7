#include "link.h"

#include <stdexcept>

#include "unit-meta.h"

namespace rollcall {
namespace {

// A wedged element must not keep the process from exiting; its threads end with it.
constexpr std::chrono::seconds kExitPatience{2};

Napi::Value nanoseconds(Napi::Env env, GstClockTime time) {
  return Napi::BigInt::New(env, GST_CLOCK_TIME_IS_VALID(time) ? static_cast<int64_t>(time) : int64_t{-1});
}

const char* state_name(GstState state) {
  switch (state) {
    case GST_STATE_READY:
      return "ready";
    case GST_STATE_PAUSED:
      return "paused";
    case GST_STATE_PLAYING:
      return "playing";
    default:
      return "null";
  }
}

Napi::Object event_of(Napi::Env env, const Message& message) {
  Napi::Object event = Napi::Object::New(env);
  switch (message.kind) {
    case Message::Kind::eos:
      event.Set("type", "eos");
      break;
    case Message::Kind::state:
      event.Set("type", "state");
      event.Set("state", state_name(message.state));
      break;
    case Message::Kind::stream:
      event.Set("type", "stream");
      event.Set("caps", message.text.empty() ? env.Null() : Napi::Value(Napi::String::New(env, message.text)));
      break;
    case Message::Kind::format:
      event.Set("type", "format");
      event.Set("caps", message.text);
      break;
    case Message::Kind::decoder:
      event.Set("type", "decoder");
      event.Set("isHardware", Napi::Boolean::New(env, message.code != 0));
      event.Set("reason", message.text.empty() ? env.Null() : Napi::Value(Napi::String::New(env, message.text)));
      break;
    default:
      event.Set("type", message.kind == Message::Kind::error ? "error" : "warning");
      event.Set("domain", message.domain);
      event.Set("code", Napi::Number::New(env, message.code));
      event.Set("message", message.text);
      event.Set("debug", message.debug);
      event.Set("element", message.element);
  }
  return event;
}

}  // namespace

void Environment::stop_all() {
  std::vector<std::shared_ptr<Link>> open;
  for (const auto& weak : std::exchange(links, {})) {
    if (auto link = weak.lock()) open.push_back(std::move(link));
  }
  for (const auto& link : open) {
    link->detach();
    link->request_stop();
  }
  const auto deadline = std::chrono::steady_clock::now() + kExitPatience;
  for (const auto& link : open) link->wait_stopped(deadline);
}

std::shared_ptr<Link> Link::open(Napi::Env env, PipelineOptions options, Napi::Function on_event) {
  std::shared_ptr<Link> link(new Link(env));
  link->pipeline_ = std::make_shared<Pipeline>(std::move(options), [bell = link->doorbell_] { bell->ring(); });
  link->on_event_ = Napi::Persistent(on_event);
  link->drain_ = Napi::Persistent(Napi::Function::New(env, [weak = std::weak_ptr(link)](const Napi::CallbackInfo&) {
    if (const auto self = weak.lock()) self->drain();
  }));

  // The function holds the link, so that it lives until the last ring has been answered.
  auto* held = new std::shared_ptr<Link>(link);
  const auto let_go = [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<Link>*>(data); };
  napi_threadsafe_function function;
  const napi_status status = napi_create_threadsafe_function(
      env, nullptr, nullptr, Napi::String::New(env, "rollcall.pipeline"), 0, 1, held, let_go, held, call, &function);
  if (status != napi_ok) {
    delete held;
    throw std::runtime_error("the event loop accepts no more events");
  }
  link->doorbell_->connect(function);
  env.GetInstanceData<Environment>()->links.push_back(link);
  // Registered after the function's own hook, so it runs before that: in reverse order.
  napi_add_env_cleanup_hook(env, on_environment_exit, link.get());
  link->pipeline_->start([bell = link->doorbell_] { bell->ring_last(); });
  return link;
}

/** The first link's hook stops them all at once, so that their patience does not add up. */
void Link::on_environment_exit(void* link) {
  static_cast<Link*>(link)->env_.GetInstanceData<Environment>()->stop_all();
}

void Link::call(napi_env env, napi_value, void* context, void* data) {
  if (!env) return;
  const std::shared_ptr<Link> self = *static_cast<std::shared_ptr<Link>*>(context);
  const Napi::HandleScope scope(env);
  try {
    data ? self->finished() : self->schedule();
  } catch (const Napi::Error&) {
    // Only a worker that is being terminated refuses these calls, and nobody is left to tell.
  }
}

void Link::schedule() {
  if (scheduled_ || ended_) return;
  scheduled_ = true;
  env_.GetInstanceData<Environment>()->set_immediate.Call({drain_.Value()});
}

void Link::drain() {
  scheduled_ = false;
  queue().begin_drain();
  bool frame_said = false;
  try {
    while (true) {
      const Napi::HandleScope scope(env_);
      Napi::Object value;
      if (const std::optional<Unit> unit = flow().watched()) {
        value = Napi::Object::New(env_);
        value.Set("type", "accessUnit");
        value.Set("unit", unit_of(*unit));
      } else if (const std::optional<Event> event = queue().next()) {
        if (const auto* message = std::get_if<Message>(&*event)) {
          value = event_of(env_, *message);
        } else {
          value = Napi::Object::New(env_);
          value.Set("type", "frame");
          frame_said = true;
        }
      } else {
        break;
      }
      on_event_.Call({value});
      // The consumer has taken it and the next is here already: let the event loop turn before that one.
      if (frame_said) {
        schedule();
        break;
      }
    }
  } catch (const Napi::Error&) {
    schedule();  // What remains is still delivered when the process survives its uncaught exception.
    throw;
  }
}

Napi::Object Link::unit_of(const Unit& unit) {
  GstBuffer* buffer = unit.buffer();
  GstCaps* caps = gst_sample_get_caps(unit.sample.get());
  if (caps && caps != caps_.get()) {
    caps_.reset(gst_caps_ref(caps));
    const Owned<gchar> text(gst_caps_to_string(caps));
    caps_text_ = text.get();
  }
  Napi::Uint8Array data = Napi::Uint8Array::New(env_, unit.bytes);
  gst_buffer_extract(buffer, 0, data.Data(), unit.bytes);
  const std::optional<double> ntp = ntp_at_ms(buffer);
  Napi::Object value = Napi::Object::New(env_);
  value.Set("data", data);
  value.Set("ptsNs", nanoseconds(env_, GST_BUFFER_PTS(buffer)));
  value.Set("dtsNs", GST_BUFFER_DTS_IS_VALID(buffer) ? nanoseconds(env_, GST_BUFFER_DTS(buffer)) : env_.Null());
  value.Set("arrivedAtMs", Napi::Number::New(env_, unit.arrived_at_ms));
  value.Set("ntpAtMs", ntp ? Napi::Number::New(env_, *ntp) : env_.Null());
  value.Set("key", Napi::Boolean::New(env_, unit.is_key()));
  value.Set("broken", Napi::Boolean::New(env_, unit.broken));
  value.Set("caps", caps_text_);
  return value;
}

Napi::Array Link::captured() {
  Napi::Array units = Napi::Array::New(env_);
  for (const Unit& unit : flow().captured()) units.Set(units.Length(), unit_of(unit));
  return units;
}

Napi::Promise Link::stop() {
  const auto deferred = Napi::Promise::Deferred::New(env_);
  if (ended_) {
    deferred.Resolve(env_.Undefined());
  } else {
    stopping_.push_back(deferred);
    pipeline_->request_stop();
  }
  return deferred.Promise();
}

void Link::finished() {
  pipeline_->join();  // It is returning from its last ring.
  ended_ = true;
  napi_remove_env_cleanup_hook(env_, on_environment_exit, this);
  auto& links = env_.GetInstanceData<Environment>()->links;
  for (size_t index = links.size(); index-- > 0;) {
    const auto link = links[index].lock();
    if (!link || link.get() == this) links.erase(links.begin() + static_cast<std::ptrdiff_t>(index));
  }
  on_event_.Reset();
  drain_.Reset();
  for (const auto& deferred : std::exchange(stopping_, {})) deferred.Resolve(env_.Undefined());
}

}  // namespace rollcall
