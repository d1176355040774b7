#pragma once
#include <napi.h>

#include <memory>
#include <vector>

#include "doorbell.h"
#include "pipeline.h"

namespace rollcall {

class Link;

/** What belongs to one JavaScript environment (the main thread, or a worker). */
struct Environment {
  Napi::FunctionReference pipeline_class, frame_class, encoder_class, set_immediate;
  std::vector<std::weak_ptr<Link>> links;

  /** Stops every pipeline and waits for them, shortly: for the exit of the process or worker. */
  void stop_all();
};

/**
 * Carries events from a pipeline's queue to one JavaScript function.
 *
 *   any thread ──▶ doorbell ──▶ setImmediate ──▶ drain() ──▶ onEvent
 *
 * setImmediate, because a thread-safe function that is called while it runs runs again at once, up to 1000 times: a
 * consumer as fast as the decoder would starve timers and sockets.
 *
 * Lives until the control thread has ended and the last event loop call is done, or the environment goes.
 */
class Link : public std::enable_shared_from_this<Link> {
 public:
  static std::shared_ptr<Link> open(Napi::Env env, PipelineOptions options, Napi::Function on_event);

  EventQueue& queue() { return pipeline_->queue(); }
  UnitFlow& flow() { return pipeline_->flow(); }
  const std::shared_ptr<Pipeline>& pipeline() const { return pipeline_; }
  uint64_t lost() const { return pipeline_->lost(); }
  /** The ring as `AccessUnit`s. */
  Napi::Array captured();
  /** JavaScript's thread: runs `drain` on the next turn of its event loop. */
  void schedule();
  /** Resolves when the pipeline's threads have ended. */
  Napi::Promise stop();
  void request_stop() { pipeline_->request_stop(); }

  /** The environment goes: no call into it any more. */
  void detach() { doorbell_->disconnect(); }
  bool wait_stopped(std::chrono::steady_clock::time_point deadline) { return pipeline_->wait_stopped(deadline); }

 private:
  explicit Link(Napi::Env env) : env_(env) {}
  void drain();
  Napi::Object unit_of(const Unit& unit);
  void finished();
  static void on_environment_exit(void* link);
  static void call(napi_env env, napi_value, void* context, void* data);

  const Napi::Env env_;
  std::shared_ptr<Pipeline> pipeline_;
  Napi::FunctionReference on_event_, drain_;
  std::vector<Napi::Promise::Deferred> stopping_;
  bool scheduled_ = false;
  bool ended_ = false;
  /** Of the last access unit: caps repeat, so their text is made once. */
  Owned<GstCaps> caps_;
  std::string caps_text_;
  const std::shared_ptr<Doorbell> doorbell_ = std::make_shared<Doorbell>();
};

}  // namespace rollcall
