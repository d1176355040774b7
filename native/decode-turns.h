#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace rollcall {

/**
 * Lets as many threads decode at the same time as the machine has cores, in the order in which they come. The scheduler shares cores by
 * threads: where each of sixty cameras has one that decodes, what analyses gets a sixtieth, and looks at nobody.
 */
class DecodeTurns {
 public:
  /** One thread's. Owned by whoever decodes; not destroyed before it is given back. */
  class Turn {
    friend DecodeTurns;
    bool is_held_ = false;
    std::chrono::steady_clock::time_point since_;
    std::condition_variable called_;
  };

  /** Those of this process. */
  static DecodeTurns& of_process();

  explicit DecodeTurns(size_t places) : places_(places) {}
  /** Waits for a place. Who has had one for a second hangs, and keeps nobody waiting. */
  void take(Turn& turn);
  /** Does nothing without a place. */
  void give_back(Turn& turn);
  /** Whether somebody waits. */
  bool are_short();

 private:
  void call();
  bool has_room() const;

  const size_t places_;
  std::mutex mutex_;
  std::vector<Turn*> held_;
  std::deque<Turn*> waiting_;
};

}  // namespace rollcall
