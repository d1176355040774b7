#pragma once
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "decoder.h"
#include "stream-gate.h"

namespace rollcall {

/**
 * The decoders of one pipeline, of which one decodes:
 *
 *   software ──at a key unit──▶ hardware ──when it fails, at once; in another format, at its first unit──▶ software
 *
 * The old one gives out what it holds before the new one begins. A decoder that fails gives nothing more, and software begins with
 * the last key unit that was given out: no picture is given out twice, and none is missing. Changes are told as `Kind::decoder`.
 *
 * `start`, `work` and `stop` are the owner's control thread's, the rest is anybody's. No thread waits for a driver but that one,
 * when it opens a device, and those that `stop` waits for.
 */
class Decoders {
 public:
  using Clock = std::chrono::steady_clock;

  /**
   * `software` is a decoding line. `max_lag_ms`: what has waited for longer is late. `wake` is called when `work` has something to
   * do. Throws std::runtime_error as `Decoder`.
   */
  Decoders(std::string software, UnitFlow& flow, EventQueue& queue, StreamGate& gate, double max_lag_ms, std::function<void()> wake);
  Decoders(const Decoders&) = delete;
  Decoders& operator=(const Decoders&) = delete;

  void start();
  /** Ends all threads. Close the flow before. */
  void stop();
  /** Lets a hardware decoder take over, unless one does already. */
  void use_hardware(std::string launch);
  /** Does what is due. Returns when to call again at the latest; absent while no hardware decodes. */
  std::optional<Clock::time_point> work();

 private:
  /** What has happened, in the threads of GStreamer and JavaScript. */
  struct News {
    std::optional<std::string> wanted, failure;
    bool has_left = false, has_given = false;
  };

  std::unique_ptr<Decoder> make(const std::string& launch, bool is_hardware);
  void tell(std::function<void(News&)> change);
  void prepare(const std::string& launch);
  void change();
  void fall_back(std::string reason);
  void give_up_next();
  void look_for_lateness();
  void retire(std::unique_ptr<Decoder> decoder);
  void say(bool is_hardware, std::string reason);

  const std::string software_;
  UnitFlow& flow_;
  EventQueue& queue_;
  StreamGate& gate_;
  const double max_lag_ms_;
  const std::function<void()> wake_;
  std::mutex mutex_;
  News news_;

  bool is_hardware_ = false;
  std::unique_ptr<Decoder> current_;
  /** Open, and waits for the key unit. */
  std::unique_ptr<Decoder> next_;
  /** How many looks more have found that units wait for the decoder, or were left out, than that they do not. */
  int late_ = 0;
  /** Units, because a decoder was late. */
  uint64_t left_out_ = 0;
  std::vector<std::future<void>> retired_;
};

}  // namespace rollcall
