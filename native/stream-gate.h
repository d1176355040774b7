#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "event-queue.h"
#include "rate-limit.h"

namespace rollcall {

/** What a pipeline lets through; see `OpenOptions` of index.d.ts. */
struct StreamRules {
  std::optional<int> max_fps;
  std::optional<uint64_t> max_pixels;
  /** Absent: parsebin and decodebin choose among all that is installed. */
  std::optional<std::vector<std::string>> allowed;
};

/**
 * Looks at what flows through three elements, by their names in the launch line, each of which may be absent:
 *
 *   demux     its streams are told, one by one
 *   units     what comes before the decoder: the format is told; a picture that is declared too large ends the pipeline with
 *             an error before a decoder allocates it
 *   decoded   after the decoder: the size once more, for formats that are parsed by their decoder only; the rate
 *
 * Parsebin and decodebin plug only what is allowed, wherever in the pipeline they are made, and `hlsdemux` once. `this`
 * outlives the pipeline's threads.
 */
class StreamGate {
 public:
  StreamGate(StreamRules rules, Mode mode, std::function<void(Message)> tell)
      : rules_(std::move(rules)), mode_(mode), tell_(std::move(tell)) {
    limit(rules_.max_fps, false);
  }
  StreamGate(const StreamGate&) = delete;
  StreamGate& operator=(const StreamGate&) = delete;

  /** How many frames of a second pass `decoded` from now on; absent: all. So may those that are decoded late on purpose. From any thread. */
  void limit(std::optional<int> max_fps, bool passes_late) {
    max_fps_ = max_fps.value_or(0);
    passes_late_ = passes_late;
  }
  /** The limit as it is now; absent while all frames pass, and before the first one. From any thread. */
  std::optional<RateLimit> rate();
  /** Connects to the elements of one pipeline. Called before it starts. */
  void attach(GstElement* pipeline);

 private:
  void tell(Message::Kind kind, std::string caps);
  void probe(GstElement* pipeline, const char* element, GstPadProbeCallback callback);
  void restrict_plugging(GstElement* element);
  bool is_allowed(GstElementFactory* factory);
  GstPadProbeReturn on_unit(GstPad* pad, GstPadProbeInfo* info);
  GstPadProbeReturn on_decoded(GstPad* pad, GstPadProbeInfo* info);
  bool accept_caps(GstPad* pad, const GstCaps* caps);
  bool accept_size(GstPad* pad, uint64_t width, uint64_t height);
  bool in_time(GstBuffer* buffer);
  bool is_late(GstBuffer* frame) const;

  const StreamRules rules_;
  const Mode mode_;
  const std::function<void(Message)> tell_;
  /** 0: all. */
  std::atomic<int> max_fps_ = 0;
  std::atomic<bool> passes_late_ = false;
  std::mutex rate_mutex_;
  /** What `rate_` was made for. */
  int rate_fps_ = 0;
  std::optional<RateLimit> rate_;
  /** The assumed time of the next frame of a recording without time stamps. */
  GstClockTime assumed_ = 0;
  bool vp8_ = false;
  /** `hlsdemux` was plugged. */
  std::atomic<bool> has_playlist_ = false;
  /** A refused stream's data is dropped until the pipeline is stopped. */
  std::atomic<bool> refused_ = false;
};

}  // namespace rollcall
