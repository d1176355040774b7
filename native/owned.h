#pragma once
#include <gst/gst.h>

#include <memory>
#include <utility>

namespace rollcall {

struct Unref {
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
  void operator()(GstEvent* event) const { gst_event_unref(event); }
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

/** A GStreamer mini object with as many references as there are copies of this. */
template <typename T>
class Shared {
 public:
  Shared() = default;
  /** Takes the reference over. */
  explicit Shared(Owned<T> object) : object_(std::move(object)) {}
  Shared(const Shared& other) : object_(other.object_ ? another(other.object_.get()) : nullptr) {}
  Shared(Shared&&) = default;
  Shared& operator=(Shared other) {
    object_.swap(other.object_);
    return *this;
  }
  T* get() const { return object_.get(); }

 private:
  static T* another(T* object) { return reinterpret_cast<T*>(gst_mini_object_ref(GST_MINI_OBJECT_CAST(object))); }

  Owned<T> object_;
};

}  // namespace rollcall
