#pragma once
#include <napi.h>

#include <optional>

#include "decode-policy.h"

namespace rollcall {

/** `DecodePolicy` of index.d.ts; absent when the value is none. */
std::optional<Policy> policy_of(const Napi::Value& value);

/** `choose` of index.d.ts. */
Napi::Value choose_for_tests(const Napi::CallbackInfo& info);

/** `hasOwnColours` of index.d.ts. */
Napi::Value own_colours_for_tests(const Napi::CallbackInfo& info);

/** `calmAfter` of index.d.ts. */
Napi::Value calm_for_tests(const Napi::CallbackInfo& info);

/** `stillAfter` of index.d.ts. */
Napi::Value still_for_tests(const Napi::CallbackInfo& info);

}  // namespace rollcall
