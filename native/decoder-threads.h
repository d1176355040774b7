#pragma once
#include <gst/gst.h>

namespace rollcall {

/**
 * Given the messages of a pipeline: makes its streaming threads less urgent (nice + 5) than those that analyse, receive and
 * answer. When cores are short, decoders then fall behind and leave units out, instead of decoding pictures that nobody has
 * time to look at: with eight cameras on two busy cores three to five times as many frames are analysed.
 *
 * The threads are the pipeline's own. GStreamer's pool would give them to others afterwards, and making a thread more urgent
 * again takes a privilege.
 */
void make_less_urgent(GstMessage* message);

}  // namespace rollcall
