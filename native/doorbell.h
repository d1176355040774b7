#pragma once
#include <node_api.h>

#include <mutex>
#include <utility>

namespace rollcall {

/** Calls JavaScript's thread from any other. Shared with the threads that ring, so that it outlives what it rings at. */
class Doorbell {
 public:
  void connect(napi_threadsafe_function function) { function_ = function; }

  void ring() {
    std::lock_guard lock(mutex_);
    call(nullptr);
  }

  /** Rings with `data` set, and disconnects. */
  void ring_last() {
    std::lock_guard lock(mutex_);
    call(this);
    if (function_) napi_release_threadsafe_function(std::exchange(function_, nullptr), napi_tsfn_release);
  }

  /** The environment frees the function: nobody may touch it after this returns. */
  void disconnect() {
    std::lock_guard lock(mutex_);
    function_ = nullptr;
  }

 private:
  void call(void* data) {
    if (function_) napi_call_threadsafe_function(function_, data, napi_tsfn_nonblocking);
  }

  std::mutex mutex_;
  napi_threadsafe_function function_ = nullptr;
};

}  // namespace rollcall
