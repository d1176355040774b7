#pragma once
#include <gst/video/video.h>

#include <mutex>
#include <optional>
#include <string>

#include "owned.h"

namespace rollcall {

/** A pipeline that encodes what it is given. Every call may block, so none is made on JavaScript's thread. */
class Encoder {
 public:
  /** Throws std::runtime_error with GStreamer's message when `launch` is no pipeline with an appsrc named `pictures`. */
  explicit Encoder(const std::string& launch);
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder();

  /** Takes the next picture, and returns when there is room for another one. Throws std::runtime_error when encoding failed. */
  void give(Owned<GstBuffer> picture, const std::string& caps);
  /** Returns when everything given is encoded and written. Throws std::runtime_error when that failed. */
  void finish();
  /** Ends every thread. Idempotent. */
  void stop();

 private:
  void start();
  /** Waits for the end, or so long that pictures have become fewer. Throws std::runtime_error for an error. */
  bool ended(GstClockTime within);
  /** GStreamer says each error once only. */
  void throw_failure();
  /** Throws what GStreamer says about it, or this. */
  void fail(const std::string& text);

  std::mutex one_at_a_time_;
  Owned<GstElement> pipeline_;
  Owned<GstElement> source_;
  Owned<GstBus> bus_;
  std::string caps_;
  bool is_started_ = false;
  std::optional<std::string> failure_;
};

}  // namespace rollcall
