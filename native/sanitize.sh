#!/usr/bin/env bash
# Runs the addon's tests with AddressSanitizer and UndefinedBehaviorSanitizer, then looks for leaks in one long run.
# The build goes into native/build/sanitize, which native/package.json offers to Node as the condition `sanitize`.
set -euo pipefail
cd "$(dirname "$0")/.."
make --directory native --jobs 2 SANITIZE=1

asan=$(g++ -print-file-name=libasan.so)
node=$(node -p process.execPath)
# Node allocates address space the way a leak checker mistakes for huge mallocs, and catches no signals of its own.
common=handle_segv=0:allocator_may_return_null=1:detect_odr_violation=0
sanitized() {
  env LD_PRELOAD="$asan" NODE_OPTIONS=--conditions=sanitize UBSAN_OPTIONS=print_stacktrace=1 "$@"
}

# Children of the tests end by signal or abort when something is found, which fails their test.
ASAN_OPTIONS=$common:detect_leaks=0:abort_on_error=1 \
  sanitized "$node" node_modules/vitest/vitest.mjs run test/native "$@"

ASAN_OPTIONS=$common:detect_leaks=1 LSAN_OPTIONS=suppressions=native/sanitize.supp:print_suppressions=1 \
  sanitized "$node" --expose-gc test/native/leaks.ts
