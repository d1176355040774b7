#pragma once
#include <gst/gst.h>

namespace rollcall {

/**
 * Takes the start code off RTP payloads of H.264 and H.265 that begin with one: some cameras put a byte stream (annex B of
 * both standards) into packets, and a depayloader takes its first zero for an unknown type of NAL unit. Looks at what passes
 * the element `packets`, if there is one. Called once, before the pipeline starts.
 */
void take_off_start_codes(GstElement* pipeline);

}  // namespace rollcall
