#pragma once
#include <gst/gst.h>

#include <memory>

namespace rollcall {

struct Unref {
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
  void operator()(GstElement* element) const { gst_object_unref(element); }
  void operator()(GstPad* pad) const { gst_object_unref(pad); }
  void operator()(GstBus* bus) const { gst_object_unref(bus); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(gchar* text) const { g_free(text); }
};

/** One owned GStreamer (or GLib) reference. */
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

}  // namespace rollcall
