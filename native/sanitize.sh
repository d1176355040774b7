#!/usr/bin/env bash
# Runs the addon's tests with AddressSanitizer and UndefinedBehaviorSanitizer, then looks for leaks in one long run.
# The build goes into native/build/sanitize, which native/package.json offers to Node as the condition `sanitize`.
set -euo pipefail
cd "$(dirname "$0")/.."
make --directory native --jobs 2 SANITIZE=1

asan=$(g++ -print-file-name=libasan.so)
node=$(node -p process.execPath)
# V8 traps some signals itself.
common=handle_segv=0
# always-malloc: GLib's own small-block allocator would hide what leaks.
sanitized() {
  env G_SLICE=always-malloc LD_PRELOAD="$asan" NODE_OPTIONS=--conditions=sanitize UBSAN_OPTIONS=print_stacktrace=1 "$@"
}

# The tests' child processes inherit the sanitizer, and abort when it finds something. Tests of resident memory and of
# glibc's heaps are left out: freed memory stays in quarantine here, on no heap of glibc. The leak run below looks closer.
ASAN_OPTIONS=$common:detect_leaks=0:abort_on_error=1 \
  sanitized "$node" node_modules/vitest/vitest.mjs run test/native --testNamePattern '^(?!200 pipelines|a pipeline takes the paths of its switchbins|twenty pipelines at once)' "$@"

# Slow unwinding, because GLib is built without frame pointers and suppressions name its callers.
ASAN_OPTIONS=$common:detect_leaks=1:fast_unwind_on_malloc=0 LSAN_OPTIONS=suppressions=native/sanitize.supp \
  sanitized "$node" --expose-gc test/native/leaks.ts
