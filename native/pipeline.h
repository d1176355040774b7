#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "event-queue.h"
#include "stream-gate.h"

namespace rollcall {

/**
 * The GStreamer half of a pipeline; knows nothing of JavaScript.
 *
 * One control thread makes every state change and recalculates latency, so that neither JavaScript's thread nor a
 * streaming thread ever waits for one. It owns the GstPipeline: when it ends, all of GStreamer's threads have ended.
 */
class Pipeline : public std::enable_shared_from_this<Pipeline> {
 public:
  /** Throws std::runtime_error with GStreamer's message when `launch` is no pipeline with an appsink `frames`. */
  Pipeline(const std::string& launch, Mode mode, StreamRules rules, std::function<void()> wake);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /** Starts to play on the control thread, which calls `stopped` as the last thing it does. */
  void start(std::function<void()> stopped);
  /** Returns at once; no event follows. Idempotent. */
  void request_stop();
  /** False when the control thread needs longer; it then ends by itself, later. */
  bool wait_stopped(std::chrono::steady_clock::time_point deadline);
  void join();

  EventQueue& queue() { return queue_; }

 private:
  void control();
  void play();
  void release();
  GstFlowReturn pull(GstElement* sink, bool encoded);
  void on_message(GstMessage* message);

  EventQueue queue_;
  StreamGate gate_;
  Owned<GstElement> pipeline_, frames_, encoded_;

  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool latency_ = false;
  bool stopped_ = false;
};

}  // namespace rollcall
