#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "unit.h"

namespace rollcall {

/** Pictures of the past that lie close together, and what has to be decoded for them. */
struct Moment {
  /** Numbers of the pictures' units. */
  std::vector<uint64_t> wanted;
  /** From a whole key unit on, in decoding order; the last one is a wanted picture's. */
  std::vector<Unit> units;
  /** Tags of the stream, which say how the picture is turned. */
  std::vector<Shared<GstEvent>> tags;
};

/**
 * Decodes moments of a camera, one at a time, on the threads that ask. The decoder stays open between them: opening
 * one takes as long as decoding a picture or two.
 */
class MomentDecoder {
 public:
  using Clock = std::chrono::steady_clock;

  /** `launch` is the camera's decoding line; `keep` is how long an open decoder waits for the next picture. */
  MomentDecoder(std::string launch, Clock::duration keep);
  ~MomentDecoder();
  MomentDecoder(const MomentDecoder&) = delete;
  MomentDecoder& operator=(const MomentDecoder&) = delete;

  /**
   * One sample for each wanted picture, null where the decoder gives none, and after `cancel`. The calling thread waits for
   * them. Throws std::runtime_error when the line does not parse.
   */
  std::vector<Owned<GstSample>> decode(const Moment& moment);
  /** Closes a decoder that was not used for long enough. Returns when to call again; absent when none is open. */
  std::optional<Clock::time_point> close_idle();
  /** Returns at once; nothing is decoded from now on. */
  void cancel() { cancelled_ = true; }
  /** Waits for whoever decodes, and closes the decoder. Call `cancel` before. */
  void close();

 private:
  class Line;

  const std::string launch_;
  const Clock::duration keep_;
  std::atomic<bool> cancelled_{false};
  /** Held while decoding, opening and closing. */
  std::mutex mutex_;
  std::unique_ptr<Line> line_;
  Clock::time_point used_;
};

}  // namespace rollcall
